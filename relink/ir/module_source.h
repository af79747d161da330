// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_MODULE_SOURCE_H_
#define RELINK_IR_MODULE_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

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
// Of a file only the beginning is read at once (all of it if it is small); the
// rest is read as it is asked for. What was read stays valid until the source
// is destroyed. Who reads all of a large file must not have it made shorter
// meanwhile: it is mapped, as its segments will be. Errors of opening name the
// source, those of reading do not.
class ModuleSource {
 public:
  // NotFound: no such file.  PermissionDenied: it may not be read.
  // InvalidArgument: not a regular file, or empty.
  // ResourceExhausted: the kernel refused.
  static absl::StatusOr<ModuleSource> Open(absl::string_view path);

  // `descriptor` stays the caller's, is not moved, and must stay open until
  // CloseFile. `name` is for messages and $ORIGIN.
  static absl::StatusOr<ModuleSource> FromDescriptor(int descriptor,
                                                     absl::string_view name);

  // `bytes` are the caller's and must outlive the source.
  static ModuleSource FromMemory(std::span<const std::byte> bytes,
                                 absl::string_view name);

  // `bytes` are the source's own.
  static ModuleSource FromBytes(std::vector<std::byte> bytes,
                                absl::string_view name);

  ModuleSource(ModuleSource&& other) noexcept;
  ModuleSource& operator=(ModuleSource&& other) noexcept;
  ~ModuleSource();

  const std::string& name() const { return name_; }
  uint64_t size() const { return size_; }
  bool in_memory() const { return file_.value < 0; }

  // The beginning of the module, as far as it was read: at least a page, unless
  // the module is smaller.
  ByteView prefix() const { return prefix_; }

  // The `size` bytes at `offset`. OutOfRange: past the end of the file.
  // ResourceExhausted: more than there is memory for.
  absl::StatusOr<ByteView> Read(uint64_t offset, uint64_t size);

  // The NUL-terminated string at `offset`, which must end before `end`.
  absl::StatusOr<absl::string_view> ReadString(uint64_t offset, uint64_t end);

  // Copies the bytes at `offset` to `into`.
  absl::Status ReadInto(uint64_t offset, std::span<std::byte> into) const;

  // Ends reading: what was read stays, file() is gone.
  void CloseFile();

  // For MappingBackend::MapFile; -1 if the module is in memory only.
  FileHandle file() const { return file_; }
  FileIdentity identity() const { return identity_; }

 private:
  struct Release {
    Release() : mapped(0) {}
    explicit Release(uint64_t size) : mapped(size) {}
    void operator()(std::byte* bytes) const;
    uint64_t mapped;  // Bytes; 0: they were allocated.
  };
  using Bytes = std::unique_ptr<std::byte[], Release>;
  struct Piece {  // What was read beyond the prefix.
    uint64_t offset;
    uint64_t size;
    Bytes bytes;
  };

  ModuleSource() = default;
  absl::Status ReadPrefix();
  absl::StatusOr<Bytes> Allocate(uint64_t offset, uint64_t size) const;
  // The whole file, in the pages that the system has of it anyway. Null if it
  // cannot be mapped.
  Bytes Map() const;
  // From `offset` on, as far as one read brought it; empty if none did.
  ByteView AlreadyRead(uint64_t offset) const;

  std::string name_;
  std::vector<std::byte> own_;  // If it was made from them.
  uint64_t size_ = 0;
  ByteView prefix_;
  FileHandle file_;
  FileIdentity identity_;
  bool owns_file_ = false;
  std::vector<Piece> pieces_;
};

}  // namespace relink

#endif  // RELINK_IR_MODULE_SOURCE_H_
