// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/emit/replace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace relink::tools {
namespace {

absl::Status SystemError(absl::string_view path, absl::string_view what) {
  return absl::ResourceExhaustedError(
      absl::StrCat(path, ": ", what, ": ", std::strerror(errno)));
}

bool WriteAll(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    bytes = bytes.subspan(static_cast<size_t>(count));
  }
  return true;
}

}  // namespace

absl::StatusOr<ReplacementFile> ReplacementFile::Write(
    const std::string& path, std::span<const std::byte> bytes, mode_t mode) {
  std::string temporary = path + ".XXXXXX";
  const int descriptor = mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0) return SystemError(path, "cannot be created");
  absl::Cleanup close_file = [descriptor] { close(descriptor); };
  ReplacementFile file(path, temporary);
  if (!WriteAll(descriptor, bytes) || fchmod(descriptor, mode) != 0) {
    return SystemError(path, "cannot be written");
  }
  return file;
}

absl::Status ReplacementFile::Commit() {
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return SystemError(path_, "cannot be written");
  }
  temporary_.clear();
  return absl::OkStatus();
}

ReplacementFile::ReplacementFile(ReplacementFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_(std::exchange(other.temporary_, "")) {}

ReplacementFile& ReplacementFile::operator=(ReplacementFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(temporary_, other.temporary_);
  return *this;
}

ReplacementFile::~ReplacementFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

}  // namespace relink::tools
