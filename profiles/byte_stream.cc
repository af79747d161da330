// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/byte_stream.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// What is read at once.
constexpr size_t kFirstChunk = size_t{4} << 10;  // Many files are small.
constexpr size_t kChunk = size_t{256} << 10;

}  // namespace

absl::StatusOr<size_t> MemorySource::Read(std::span<std::byte> into) {
  const size_t size = std::min(into.size(), rest_.size());
  if (size != 0) std::memcpy(into.data(), rest_.data(), size);
  rest_ = rest_.subspan(size);
  return size;
}

absl::Status ByteStream::Fill(size_t size) {
  if (size > kMaxWindow) {
    return Malformed(absl::StrCat("a record of ", size, " bytes"));
  }
  if (begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  // Grown by what comes, so that a size which is a lie costs nothing.
  while (end_ < size && !at_end_) {
    const size_t chunk = std::clamp(buffer_.size(), kFirstChunk, kChunk);
    if (buffer_.size() < end_ + chunk) buffer_.resize(2 * end_ + chunk);
    ASSIGN_OR_RETURN(const size_t read,
                     source_->Read(std::span(buffer_).subspan(end_, chunk)));
    at_end_ = read == 0;
    end_ += read;
  }
  return absl::OkStatus();
}

absl::StatusOr<ByteView> ByteStream::Peek(size_t size) {
  if (end_ - begin_ < size) RETURN_IF_ERROR(Fill(size));
  return ByteView(buffer_.data() + begin_, std::min(size, end_ - begin_));
}

absl::StatusOr<ByteView> ByteStream::Need(size_t size) {
  ASSIGN_OR_RETURN(const ByteView bytes, Peek(size));
  if (bytes.size() == size) return bytes;
  return Error(absl::StatusCode::kOutOfRange,
               absl::StrCat("ends after ", bytes.size(), " bytes of ", size));
}

absl::Status ByteStream::Skip(uint64_t size) {
  while (size != 0) {
    ASSIGN_OR_RETURN(const ByteView bytes,
                     Peek(std::min<uint64_t>(size, kChunk)));
    if (bytes.size() == 0) {
      return Error(absl::StatusCode::kOutOfRange,
                   absl::StrCat("ends ", size, " bytes too early"));
    }
    Advance(bytes.size());
    size -= bytes.size();
  }
  return absl::OkStatus();
}

absl::Status ByteStream::Malformed(absl::string_view what) const {
  return Error(absl::StatusCode::kInvalidArgument, what);
}

absl::Status ByteStream::Error(absl::StatusCode code,
                               absl::string_view what) const {
  return absl::Status(code, absl::StrCat(name_, ": ", what, " (at 0x",
                                         absl::Hex(offset_), ")"));
}

}  // namespace relink::profiles
