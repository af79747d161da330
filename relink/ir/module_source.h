// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_MODULE_SOURCE_H_
#define RELINK_IR_MODULE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/map/mapping_backend.h"
#include "relink/support/byte_view.h"

namespace relink {

// Which file a module is, whatever its name.
struct FileIdentity {
  uint64_t device = 0;
  uint64_t inode = 0;  // 0: not a file.
  friend bool operator==(FileIdentity, FileIdentity) = default;
};

// The bytes of a module before it is mapped, and the file they came from.
//
// All of the file can be read through `bytes()` until the source is destroyed: a
// small one has been read into memory, a large one is mapped read-only. Another
// process that truncates a large file meanwhile causes SIGBUS, as it does for
// every loader that maps files.
class ModuleSource {
 public:
  // NotFound: no such file.  InvalidArgument: not a regular file, or empty.
  // ResourceExhausted: the kernel refused.
  static absl::StatusOr<ModuleSource> Open(absl::string_view path);

  // `descriptor` stays the caller's, is not moved, and must stay open until the
  // source is destroyed. `name` is for messages and $ORIGIN.
  static absl::StatusOr<ModuleSource> FromDescriptor(int descriptor,
                                                     absl::string_view name);

  // `bytes` are the caller's and must outlive the source.
  static ModuleSource FromMemory(std::span<const std::byte> bytes,
                                 absl::string_view name);

  ModuleSource(ModuleSource&& other) noexcept;
  ModuleSource& operator=(ModuleSource&& other) noexcept;
  ~ModuleSource();

  const std::string& name() const { return name_; }
  ByteView bytes() const { return bytes_; }
  // For MappingBackend::MapFile; -1 if the module is in memory only.
  FileHandle file() const { return file_; }
  FileIdentity identity() const { return identity_; }

 private:
  ModuleSource() = default;
  absl::Status ReadContents();

  std::string name_;
  ByteView bytes_;
  FileHandle file_;
  FileIdentity identity_;
  bool owns_file_ = false;
  std::unique_ptr<std::byte[]> copy_;  // Of a small file.
  bool mapped_ = false;                // `bytes_` is a mapping of ours.
};

}  // namespace relink

#endif  // RELINK_IR_MODULE_SOURCE_H_
