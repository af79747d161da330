// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/module_source.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Up to here reading all of a file at once costs less than going back for more.
constexpr uint64_t kSmallFile = 64 * 1024;
// From here on mapping all of a file costs less than reading it.
constexpr uint64_t kLargeFile = 256 * 1024;
// Holds the program headers of all but odd files.
constexpr uint64_t kPrefix = 4096;
// What is read around a string: the linker puts DT_NEEDED's and DT_SONAME's
// next to each other.
constexpr uint64_t kBeforeString = 512;
constexpr uint64_t kStringGuess = 512;

absl::Status SystemError(absl::string_view call) {
  const int error = errno;
  const absl::StatusCode code =
      error == ENOENT || error == ENOTDIR ? absl::StatusCode::kNotFound
      : error == EISDIR                   ? absl::StatusCode::kInvalidArgument
      : error == EACCES                   ? absl::StatusCode::kPermissionDenied
                        : absl::StatusCode::kResourceExhausted;
  return absl::Status(code, absl::StrCat(call, ": ", std::strerror(error)));
}

}  // namespace

absl::StatusOr<ModuleSource> ModuleSource::Open(absl::string_view path) {
  ModuleSource source;
  source.name_ = std::string(path);
  // O_NONBLOCK: opening a FIFO must not wait for somebody to write into it.
  source.file_.value =
      open(source.name_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (source.file_.value < 0) return Annotate(SystemError("open"), path);
  source.owns_file_ = true;
  RETURN_IF_ERROR(Annotate(source.ReadPrefix(), path));
  return source;
}

absl::StatusOr<ModuleSource> ModuleSource::FromDescriptor(
    int descriptor, absl::string_view name) {
  ModuleSource source;
  source.name_ = std::string(name);
  source.file_.value = descriptor;
  RETURN_IF_ERROR(Annotate(source.ReadPrefix(), name));
  return source;
}

ModuleSource ModuleSource::FromMemory(std::span<const std::byte> bytes,
                                      absl::string_view name) {
  ModuleSource source;
  source.name_ = std::string(name);
  source.prefix_ = ByteView(bytes);
  source.size_ = bytes.size();
  return source;
}

ModuleSource ModuleSource::FromBytes(std::vector<std::byte> bytes,
                                     absl::string_view name) {
  ModuleSource source = FromMemory(bytes, name);
  source.own_ = std::move(bytes);
  return source;
}

absl::Status ModuleSource::ReadPrefix() {
  struct stat info;
  if (fstat(file_.value, &info) != 0) return SystemError("fstat");
  if (!S_ISREG(info.st_mode)) {
    return absl::InvalidArgumentError("not a regular file");
  }
  if (info.st_size == 0) return absl::InvalidArgumentError("file is empty");
  identity_ = {info.st_dev, info.st_ino};
  size_ = static_cast<uint64_t>(info.st_size);
  file_.size = size_;
  ASSIGN_OR_RETURN(prefix_, Read(0, size_ <= kSmallFile ? size_ : kPrefix));
  return absl::OkStatus();
}

ByteView ModuleSource::AlreadyRead(uint64_t offset) const {
  if (offset < prefix_.size()) return ByteView(prefix_.bytes().subspan(offset));
  for (const Piece& piece : pieces_) {
    if (offset < piece.offset || offset - piece.offset >= piece.size) continue;
    const uint64_t skipped = offset - piece.offset;
    return ByteView(piece.bytes.get() + skipped, piece.size - skipped);
  }
  return ByteView();
}

absl::StatusOr<ByteView> ModuleSource::Read(uint64_t offset, uint64_t size) {
  const ByteView have = AlreadyRead(offset);
  if (size != 0 && size <= have.size()) {
    return ByteView(have.bytes().first(size));
  }
  if (offset > size_ || size > size_ - offset) {
    return absl::OutOfRangeError(
        absl::StrCat("0x", absl::Hex(size), " bytes at offset 0x",
                     absl::Hex(offset), " run past the end of the file"));
  }
  Bytes bytes;
  if (offset == 0 && size == size_ && size >= kLargeFile) bytes = Map();
  if (bytes == nullptr) {
    ASSIGN_OR_RETURN(bytes, Allocate(offset, size));
    RETURN_IF_ERROR(ReadInto(offset, {bytes.get(), size}));
  }
  pieces_.push_back({offset, size, std::move(bytes)});
  return ByteView(pieces_.back().bytes.get(), size);
}

absl::StatusOr<ModuleSource::Bytes> ModuleSource::Allocate(
    uint64_t offset, uint64_t size) const {
  // A file can be larger than memory, and not even take room on its disk.
  Bytes bytes(new (std::nothrow) std::byte[size]);
  if (bytes != nullptr) return bytes;
  return absl::ResourceExhaustedError(
      absl::StrCat("no memory for 0x", absl::Hex(size), " bytes at offset 0x",
                   absl::Hex(offset)));
}

ModuleSource::Bytes ModuleSource::Map() const {
  void* bytes = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE | MAP_POPULATE,
                     file_.value, 0);
  if (bytes == MAP_FAILED) return nullptr;
  return Bytes(static_cast<std::byte*>(bytes), Release{size_});
}

void ModuleSource::Release::operator()(std::byte* bytes) const {
  if (mapped != 0) {
    munmap(bytes, mapped);
  } else {
    delete[] bytes;
  }
}

absl::StatusOr<absl::string_view> ModuleSource::ReadString(uint64_t offset,
                                                           uint64_t end) {
  // Almost always the first look; a string that is longer costs more reads.
  ByteView bytes = AlreadyRead(offset);
  for (uint64_t size = kStringGuess; offset < end; size *= 64) {
    const uint64_t bounded = std::min<uint64_t>(bytes.size(), end - offset);
    const auto text = ByteView(bytes.data(), bounded).CString(0);
    if (text.ok()) return absl::string_view(text->data(), text->size());
    if (bounded == end - offset) break;
    const uint64_t before = std::min(offset, kBeforeString);
    ASSIGN_OR_RETURN(
        bytes, Read(offset - before, before + std::min(size, end - offset)));
    bytes = ByteView(bytes.bytes().subspan(before));
  }
  return absl::InvalidArgumentError(
      absl::StrCat("no string at offset 0x", absl::Hex(offset),
                   " ends before 0x", absl::Hex(end)));
}

absl::Status ModuleSource::ReadInto(uint64_t offset,
                                    std::span<std::byte> into) const {
  if (into.empty()) return absl::OkStatus();
  if (prefix_.Contains(offset, into.size())) {
    std::memcpy(into.data(), prefix_.data() + offset, into.size());
    return absl::OkStatus();
  }
  size_t have = 0;
  while (have < into.size()) {
    const ssize_t got =
        pread(file_.value, into.data() + have, into.size() - have,
              static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError("pread");
    if (got == 0) {
      return absl::OutOfRangeError("file became shorter while it was read");
    }
    have += static_cast<size_t>(got);
  }
  return absl::OkStatus();
}

ModuleSource::ModuleSource(ModuleSource&& other) noexcept {
  *this = std::move(other);
}

ModuleSource& ModuleSource::operator=(ModuleSource&& other) noexcept {
  std::swap(name_, other.name_);
  std::swap(own_, other.own_);
  std::swap(size_, other.size_);
  std::swap(prefix_, other.prefix_);
  std::swap(file_, other.file_);
  std::swap(identity_, other.identity_);
  std::swap(owns_file_, other.owns_file_);
  std::swap(pieces_, other.pieces_);
  return *this;
}

void ModuleSource::CloseFile() {
  if (owns_file_) close(file_.value);
  owns_file_ = false;
  file_ = {};
}

ModuleSource::~ModuleSource() { CloseFile(); }

}  // namespace relink
