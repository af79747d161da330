// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_FILE_CONTENTS_H_
#define RELINK_TOOLS_RELINK_FILE_CONTENTS_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "relink/support/byte_view.h"

namespace relink::tools {

// The bytes of one regular file, mapped read-only.
class FileContents {
 public:
  // NotFound, FailedPrecondition (not a regular file) or ResourceExhausted, as
  // "path: what: errno text".
  static absl::StatusOr<FileContents> Read(const std::string& path);

  FileContents(FileContents&& other) noexcept;
  FileContents& operator=(FileContents&& other) noexcept;
  ~FileContents();

  ByteView bytes() const { return ByteView(data_, size_); }

 private:
  FileContents(void* data, size_t size) : data_(data), size_(size) {}

  void* data_;  // Null if the file is empty.
  size_t size_;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_FILE_CONTENTS_H_
