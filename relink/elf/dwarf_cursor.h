// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_DWARF_CURSOR_H_
#define RELINK_ELF_DWARF_CURSOR_H_

#include <cstdint>

#include "relink/elf/records.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// How a pointer in an exception table is stored (LSB Core, "DWARF Exception
// Header Encoding"): a format in the low four bits, what it is relative to in
// the next three, and whether it is a pointer to the pointer.
inline constexpr uint8_t kPeFormat = 0x0f;
inline constexpr uint8_t kPeAbsptr = 0x00;
inline constexpr uint8_t kPeUleb128 = 0x01;
inline constexpr uint8_t kPeUdata2 = 0x02;
inline constexpr uint8_t kPeUdata4 = 0x03;
inline constexpr uint8_t kPeUdata8 = 0x04;
inline constexpr uint8_t kPeSleb128 = 0x09;
inline constexpr uint8_t kPeSdata2 = 0x0a;
inline constexpr uint8_t kPeSdata4 = 0x0b;
inline constexpr uint8_t kPeSdata8 = 0x0c;
inline constexpr uint8_t kPeBase = 0x70;
inline constexpr uint8_t kPePcrel = 0x10;
inline constexpr uint8_t kPeIndirect = 0x80;
inline constexpr uint8_t kPeOmit = 0xff;

// Whether Relink can store a pointer of that encoding again, somewhere else:
// absolute and as large as an address, or PC-relative and of four or eight
// bytes.
template <class E>
constexpr bool IsRelocatable(uint8_t encoding) {
  if (encoding == kPeOmit) return false;
  const int base = encoding & kPeBase;
  const int format = encoding & kPeFormat;
  const bool is_word = format == kPeUdata4 || format == kPeSdata4;
  const bool is_long = format == kPeUdata8 || format == kPeSdata8;
  if (base == kPePcrel) {
    return format == kPeAbsptr || is_word || (E::kIs64 && is_long);
  }
  return base == 0 && (format == kPeAbsptr || (E::kIs64 ? is_long : is_word));
}

// A pointer field of an exception table.
struct EncodedPointer {
  uint32_t at = 0;  // From the beginning of its record or table.
  uint8_t encoding = kPeOmit;
  // What it points at, or for kPeIndirect where the pointer to that is. 0: the
  // field is omitted, or holds the 0 that stands for no pointer.
  LinkAddr target;

  bool present() const { return encoding != kPeOmit; }
};

// Reads DWARF's numbers one after the other. Past the end it reads zeros, and
// `ok` says that it did.
template <class E>
class DwarfCursor {
 public:
  // `bytes` lie at `begin`.
  DwarfCursor(ByteView bytes, LinkAddr begin) : bytes_(bytes), begin_(begin) {}

  bool ok() const { return ok_; }
  bool at_end() const { return offset_ == bytes_.size(); }
  uint64_t offset() const { return offset_; }
  LinkAddr addr() const { return begin_ + offset_; }
  void Fail() {
    ok_ = false;
    offset_ = bytes_.size();
  }

  void Skip(uint64_t size) {
    if (size <= bytes_.size() - offset_) {
      offset_ += size;
    } else {
      Fail();
    }
  }

  uint8_t Byte() { return Fixed<uint8_t>(); }

  template <typename T>
  T Fixed() {
    const auto field = bytes_.template Record<Packed<T, E::kOrder>>(offset_);
    if (!field.ok()) {
      Fail();
      return 0;
    }
    offset_ += sizeof(T);
    return **field;
  }

  uint64_t Uleb128() { return Leb128().bits; }
  int64_t Sleb128() {
    const Bits value = Leb128();
    if (value.count >= 64 || (value.bits >> (value.count - 1) & 1) == 0) {
      return static_cast<int64_t>(value.bits);
    }
    return static_cast<int64_t>(value.bits | ~uint64_t{0} << value.count);
  }

  // A value in the format of `encoding`; what that is relative to is not added.
  uint64_t Value(uint8_t encoding) {
    switch (encoding & kPeFormat) {
      case kPeAbsptr:
        return Fixed<typename E::Native>();
      case kPeUleb128:
        return Uleb128();
      case kPeUdata2:
        return Fixed<uint16_t>();
      case kPeUdata4:
        return Fixed<uint32_t>();
      case kPeUdata8:
      case kPeSdata8:
        return Fixed<uint64_t>();
      case kPeSleb128:
        return static_cast<uint64_t>(Sleb128());
      case kPeSdata2:
        return static_cast<uint64_t>(int64_t{Fixed<int16_t>()});
      case kPeSdata4:
        return static_cast<uint64_t>(int64_t{Fixed<int32_t>()});
      default:
        Fail();
        return 0;
    }
  }

  // A pointer whose encoding IsRelocatable, or an omitted one.
  EncodedPointer Pointer(uint8_t encoding) {
    EncodedPointer pointer{static_cast<uint32_t>(offset_), encoding, {}};
    if (encoding == kPeOmit) return pointer;
    const LinkAddr place = addr();
    const auto value = static_cast<typename E::Native>(Value(encoding));
    if (value == 0) return pointer;
    const uint64_t base = (encoding & kPeBase) == kPePcrel ? place.value() : 0;
    pointer.target = LinkAddr(static_cast<typename E::Native>(base + value));
    return pointer;
  }

 private:
  struct Bits {
    uint64_t bits = 0;
    unsigned count = 0;  // At least 7.
  };
  // Bits past the 64th are dropped.
  Bits Leb128() {
    Bits value;
    for (;;) {
      const uint8_t byte = Byte();
      if (value.count < 64) value.bits |= uint64_t{byte & 0x7fu} << value.count;
      value.count += 7;
      if ((byte & 0x80) == 0) return value;
    }
  }

  ByteView bytes_;
  LinkAddr begin_;
  uint64_t offset_ = 0;
  bool ok_ = true;
};

}  // namespace relink::elf

#endif  // RELINK_ELF_DWARF_CURSOR_H_
