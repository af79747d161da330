// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/file_contents.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace relink::tools {
namespace {

absl::Status SystemError(absl::string_view path, absl::string_view what) {
  const int error = errno;
  return absl::Status(
      error == ENOENT || error == ENOTDIR
          ? absl::StatusCode::kNotFound
          : absl::StatusCode::kResourceExhausted,
      absl::StrCat(path, ": ", what, ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<FileContents> FileContents::Read(const std::string& path) {
  // O_NONBLOCK: opening a pipe must not wait for its writer.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return SystemError(path, "cannot open");
  absl::Cleanup close_file = [fd] { close(fd); };
  struct stat facts;
  if (fstat(fd, &facts) != 0) return SystemError(path, "cannot stat");
  if (!S_ISREG(facts.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, S_ISDIR(facts.st_mode) ? ": is a directory"
                                                  : ": not a regular file"));
  }
  const auto size = static_cast<size_t>(facts.st_size);
  if (size == 0) return FileContents(nullptr, 0);
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED) return SystemError(path, "cannot map");
  return FileContents(data, size);
}

FileContents::FileContents(FileContents&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)) {}

FileContents& FileContents::operator=(FileContents&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

FileContents::~FileContents() {
  if (data_ != nullptr) munmap(data_, size_);
}

}  // namespace relink::tools
