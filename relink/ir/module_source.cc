// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/module_source.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Up to here one pread costs less than a mapping and its page faults.
constexpr size_t kSmallFile = 64 * 1024;

absl::Status SystemError(absl::string_view name, absl::string_view call) {
  const int error = errno;
  const absl::StatusCode code =
      error == ENOENT || error == ENOTDIR ? absl::StatusCode::kNotFound
      : error == EISDIR                   ? absl::StatusCode::kInvalidArgument
                        : absl::StatusCode::kResourceExhausted;
  return absl::Status(
      code, absl::StrCat(name, ": ", call, ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<ModuleSource> ModuleSource::Open(absl::string_view path) {
  ModuleSource source;
  source.name_ = std::string(path);
  source.file_.value = open(source.name_.c_str(), O_RDONLY | O_CLOEXEC);
  if (source.file_.value < 0) return SystemError(path, "open");
  source.owns_file_ = true;
  RETURN_IF_ERROR(source.ReadContents());
  return source;
}

absl::StatusOr<ModuleSource> ModuleSource::FromDescriptor(
    int descriptor, absl::string_view name) {
  ModuleSource source;
  source.name_ = std::string(name);
  source.file_.value = descriptor;
  RETURN_IF_ERROR(source.ReadContents());
  return source;
}

ModuleSource ModuleSource::FromMemory(std::span<const std::byte> bytes,
                                      absl::string_view name) {
  ModuleSource source;
  source.name_ = std::string(name);
  source.bytes_ = ByteView(bytes);
  return source;
}

absl::Status ModuleSource::ReadContents() {
  struct stat info;
  if (fstat(file_.value, &info) != 0) return SystemError(name_, "fstat");
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(name_, ": not a regular file"));
  }
  if (info.st_size == 0) {
    return absl::InvalidArgumentError(absl::StrCat(name_, ": file is empty"));
  }
  identity_ = {info.st_dev, info.st_ino};
  const auto size = static_cast<size_t>(info.st_size);
  if (size > kSmallFile) {
    void* mapping =
        mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file_.value, 0);
    if (mapping == MAP_FAILED) return SystemError(name_, "mmap");
    mapped_ = true;
    bytes_ = ByteView(mapping, size);
    return absl::OkStatus();
  }
  copy_ = std::make_unique_for_overwrite<std::byte[]>(size);
  size_t have = 0;
  while (have < size) {
    const ssize_t got = pread(file_.value, copy_.get() + have, size - have,
                              static_cast<off_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(name_, "pread");
    if (got == 0) break;  // Truncated since fstat: parsing says where.
    have += static_cast<size_t>(got);
  }
  bytes_ = ByteView(copy_.get(), have);
  return absl::OkStatus();
}

ModuleSource::ModuleSource(ModuleSource&& other) noexcept {
  *this = std::move(other);
}

ModuleSource& ModuleSource::operator=(ModuleSource&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(bytes_, other.bytes_);
  std::swap(file_, other.file_);
  std::swap(identity_, other.identity_);
  std::swap(owns_file_, other.owns_file_);
  std::swap(copy_, other.copy_);
  std::swap(mapped_, other.mapped_);
  return *this;
}

ModuleSource::~ModuleSource() {
  if (mapped_) {
    munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
  }
  if (owns_file_) close(file_.value);
}

}  // namespace relink
