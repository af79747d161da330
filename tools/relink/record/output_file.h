// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RECORD_OUTPUT_FILE_H_
#define RELINK_TOOLS_RELINK_RECORD_OUTPUT_FILE_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink::tools {

// A file that will be written at the end of something long, and is opened at
// its beginning, so that nothing is done in vain. Until then it has what it
// had; one that is new is taken away again if nothing was written.
class OutputFile {
 public:
  // FailedPrecondition: it cannot be written, "path: cannot write: errno text".
  static absl::StatusOr<OutputFile> Open(const std::string& path);

  OutputFile(OutputFile&& other) noexcept { *this = std::move(other); }
  OutputFile& operator=(OutputFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(file_, other.file_);
    std::swap(is_new_, other.is_new_);
    return *this;
  }
  ~OutputFile();

  // All that is in it then. ResourceExhausted: as above.
  absl::Status Write(absl::string_view contents) &&;

 private:
  OutputFile() = default;
  absl::Status Error(absl::StatusCode code) const;

  std::string path_;
  int file_ = -1;
  bool is_new_ = false;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RECORD_OUTPUT_FILE_H_
