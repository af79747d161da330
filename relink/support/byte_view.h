// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_BYTE_VIEW_H_
#define RELINK_SUPPORT_BYTE_VIEW_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "relink/support/byte_order.h"
#include "relink/support/result.h"
#include "relink/support/string_ref.h"

namespace relink {

// A window onto bytes that nobody has checked yet. It is the only way from an
// offset to the bytes there: every access is checked and none allocates.
//
// Does not own the bytes, which must outlive every view and every record
// obtained from one. Errors are kOutOfRange, at the offset asked for.
class ByteView {
 public:
  constexpr ByteView() = default;
  constexpr explicit ByteView(std::span<const std::byte> bytes)
      : bytes_(bytes) {}
  ByteView(const void* data, size_t size)
      : bytes_(static_cast<const std::byte*>(data), size) {}

  constexpr std::span<const std::byte> bytes() const { return bytes_; }
  constexpr const std::byte* data() const { return bytes_.data(); }
  constexpr uint64_t size() const { return bytes_.size(); }

  constexpr bool Contains(uint64_t offset, uint64_t size) const {
    return offset <= bytes_.size() && size <= bytes_.size() - offset;
  }

  // The `size` bytes at `offset`.
  Result<ByteView> Slice(uint64_t offset, uint64_t size) const {
    if (!Contains(offset, size)) return OutOfBounds(offset);
    return ByteView(bytes_.subspan(offset, size));
  }

  // Everything from `offset` on.
  Result<ByteView> From(uint64_t offset) const {
    if (!Contains(offset, 0)) return OutOfBounds(offset);
    return ByteView(bytes_.subspan(offset));
  }

  // The NUL-terminated string at `offset`, without its NUL.
  Result<StringRef> CString(uint64_t offset) const {
    if (offset >= bytes_.size()) return OutOfBounds(offset);
    const char* begin = reinterpret_cast<const char*>(bytes_.data()) + offset;
    const void* nul = std::memchr(begin, 0, bytes_.size() - offset);
    if (nul == nullptr) {
      return Error{ErrorCode::kMalformed, "unterminated string", offset};
    }
    return StringRef(
        begin, static_cast<size_t>(static_cast<const char*>(nul) - begin));
  }

  // The record at `offset`.
  template <OnDisk T>
  Result<const T*> Record(uint64_t offset) const {
    if (!Contains(offset, sizeof(T))) return OutOfBounds(offset);
    return reinterpret_cast<const T*>(bytes_.data() + offset);
  }

  // The `count` consecutive records at `offset`.
  template <OnDisk T>
  Result<std::span<const T>> Records(uint64_t offset, uint64_t count) const {
    if (count > bytes_.size() / sizeof(T) ||
        !Contains(offset, count * sizeof(T))) {
      return OutOfBounds(offset);
    }
    return std::span<const T>(
        reinterpret_cast<const T*>(bytes_.data() + offset), count);
  }

 private:
  static Error OutOfBounds(uint64_t offset) {
    return {ErrorCode::kOutOfRange, "runs past the end", offset};
  }

  std::span<const std::byte> bytes_;
};

}  // namespace relink

#endif  // RELINK_SUPPORT_BYTE_VIEW_H_
