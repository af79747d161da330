// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace relink::tools {

absl::StatusOr<OutputFile> OutputFile::Open(const std::string& path) {
  OutputFile output;
  output.path_ = path;
  constexpr mode_t kMode = 0666;
  output.file_ =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
  output.is_new_ = output.file_ >= 0;
  if (!output.is_new_) {
    output.file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kMode);
  }
  if (output.file_ < 0) {
    return output.Error(absl::StatusCode::kFailedPrecondition);
  }
  return output;
}

OutputFile::~OutputFile() {
  if (file_ < 0) return;
  close(file_);
  if (is_new_) unlink(path_.c_str());
}

absl::Status OutputFile::Write(absl::string_view contents) && {
  struct stat facts = {};
  const bool has_size = fstat(file_, &facts) == 0 && S_ISREG(facts.st_mode);
  if (has_size && ftruncate(file_, 0) != 0) {
    return Error(absl::StatusCode::kResourceExhausted);
  }
  while (!contents.empty()) {
    const ssize_t written = write(file_, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Error(absl::StatusCode::kResourceExhausted);
    contents.remove_prefix(static_cast<size_t>(written));
  }
  is_new_ = false;
  const int file = std::exchange(file_, -1);
  return close(file) == 0 ? absl::OkStatus()
                          : Error(absl::StatusCode::kResourceExhausted);
}

absl::Status OutputFile::Error(absl::StatusCode code) const {
  return {code, absl::StrCat(path_, ": cannot write: ", std::strerror(errno))};
}

}  // namespace relink::tools
