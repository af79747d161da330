// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_REPLACED_FILE_H_
#define RELINK_TOOLS_RELINK_REPORT_REPLACED_FILE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink::tools {

// A file that is written beside its place and renamed into it, so that who
// reads it sees all of the old one or all of the new one. It is made at the
// beginning of something long, so that nothing is done in vain.
class ReplacedFile {
 public:
  // A link's target is replaced, and what is no regular file, as /dev/stdout,
  // is written as it is. FailedPrecondition: it cannot be written,
  // "path: cannot write: errno text".
  static absl::StatusOr<ReplacedFile> Open(const std::string& path);

  ReplacedFile(ReplacedFile&& other) noexcept { *this = std::move(other); }
  ReplacedFile& operator=(ReplacedFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(beside_, other.beside_);
    std::swap(file_, other.file_);
    return *this;
  }
  ~ReplacedFile();

  // All that is in it then. ResourceExhausted: as above, and the old file is
  // as it was.
  absl::Status Write(absl::string_view contents) &&;

 private:
  ReplacedFile() = default;
  absl::Status Error(absl::StatusCode code) const;

  std::string path_;
  std::string beside_;  // What is written; empty if that is `path_`.
  int file_ = -1;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_REPLACED_FILE_H_
