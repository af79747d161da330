// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/file_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"

namespace relink::profiles {
namespace {

absl::Status SystemError(absl::string_view path, absl::string_view what) {
  const int error = errno;
  return absl::Status(
      error == ENOENT || error == ENOTDIR
          ? absl::StatusCode::kNotFound
          : absl::StatusCode::kResourceExhausted,
      absl::StrCat(path, ": ", what, ": ", std::strerror(error)));
}

class FileSource final : public ByteSource {
 public:
  FileSource(std::string path, int fd, uint64_t size, Progress progress)
      : path_(std::move(path)),
        fd_(fd),
        size_(size),
        progress_(std::move(progress)) {}
  FileSource(const FileSource&) = delete;
  FileSource& operator=(const FileSource&) = delete;
  ~FileSource() override {
    if (fd_ != STDIN_FILENO) close(fd_);
  }

  absl::StatusOr<size_t> Read(std::span<std::byte> into) override {
    ssize_t size;
    do {
      size = read(fd_, into.data(), into.size());
    } while (size < 0 && errno == EINTR);
    if (size < 0) return SystemError(path_, "cannot read");
    read_ += static_cast<uint64_t>(size);
    if (progress_) progress_(read_, size_);
    return static_cast<size_t>(size);
  }

 private:
  std::string path_;
  int fd_;
  uint64_t size_;
  uint64_t read_ = 0;
  Progress progress_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path,
                                                     Progress progress) {
  const bool is_stdin = path == "-";
  const std::string name = is_stdin ? "standard input" : path;
  const int fd =
      is_stdin ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError(name, "cannot open");
  struct stat facts;
  const bool known = fstat(fd, &facts) == 0;
  const uint64_t size = known && S_ISREG(facts.st_mode)
                            ? static_cast<uint64_t>(facts.st_size)
                            : 0;
  auto source =
      std::make_unique<FileSource>(name, fd, size, std::move(progress));
  if (!known) return SystemError(name, "cannot stat");
  if (S_ISDIR(facts.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat(name, ": is a directory"));
  }
  return source;
}

}  // namespace relink::profiles
