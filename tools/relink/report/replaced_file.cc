// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/replaced_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "absl/strings/str_cat.h"

namespace relink::tools {

absl::StatusOr<ReplacedFile> ReplacedFile::Open(const std::string& path) {
  ReplacedFile replaced;
  replaced.path_ = path;
  struct stat old = {};
  const bool exists = stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode)) {
    replaced.file_ = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  } else if (exists && access(path.c_str(), W_OK) != 0) {
    // Renaming would not ask.
    return replaced.Error(absl::StatusCode::kFailedPrecondition);
  } else {
    std::error_code error;
    if (exists) replaced.path_ = std::filesystem::canonical(path, error);
    if (error) replaced.path_ = path;
    replaced.beside_ = absl::StrCat(replaced.path_, ".", getpid(), ".new");
    constexpr mode_t kMode = 0666;
    replaced.file_ = open(replaced.beside_.c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
    if (replaced.file_ >= 0 && exists) {
      (void)fchmod(replaced.file_, old.st_mode & 07777);
    }
  }
  if (replaced.file_ < 0) {
    replaced.beside_.clear();
    return replaced.Error(absl::StatusCode::kFailedPrecondition);
  }
  return replaced;
}

ReplacedFile::~ReplacedFile() {
  if (file_ >= 0) close(file_);
  if (!beside_.empty()) unlink(beside_.c_str());
}

absl::Status ReplacedFile::Write(absl::string_view contents) && {
  while (!contents.empty()) {
    const ssize_t written = write(file_, contents.data(), contents.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return Error(absl::StatusCode::kResourceExhausted);
    contents.remove_prefix(static_cast<size_t>(written));
  }
  const int file = std::exchange(file_, -1);
  if (close(file) != 0) return Error(absl::StatusCode::kResourceExhausted);
  if (!beside_.empty() && rename(beside_.c_str(), path_.c_str()) != 0) {
    return Error(absl::StatusCode::kResourceExhausted);
  }
  beside_.clear();
  return absl::OkStatus();
}

absl::Status ReplacedFile::Error(absl::StatusCode code) const {
  return {code, absl::StrCat(path_, ": cannot write: ", std::strerror(errno))};
}

}  // namespace relink::tools
