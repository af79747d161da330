// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_ADDRESS_VIEW_H_
#define RELINK_ELF_ADDRESS_VIEW_H_

#include <cstdint>
#include <span>

#include "relink/elf/elf_file.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// From link addresses to bytes, through the PT_LOAD segments: of a file, or of
// an image in memory. The dynamic table speaks in link addresses only, so
// everything it points at is read through one of these. A range never crosses
// from one segment into the next.
template <class E>
class AddressView {
 public:
  AddressView() = default;

  // The bytes as the file has them; zero-filled tails (.bss) are out of bounds.
  static AddressView OfFile(const ElfFile<E>& file) {
    return AddressView(file.segments(), file.bytes(), LinkAddr(0), true);
  }

  // The bytes as they lie in memory: `image` starts at link address `start`.
  static AddressView OfImage(std::span<const Phdr<E>> segments, ByteView image,
                             LinkAddr start) {
    return AddressView(segments, image, start, false);
  }

  // Everything from `addr` to the end of its segment.
  // kOutOfRange: `addr` is in no segment.
  Result<ByteView> From(LinkAddr addr) const {
    for (const Phdr<E>& segment : segments_) {
      if (segment.p_type != kPtLoad) continue;
      uint64_t size = from_file_ ? segment.p_filesz : segment.p_memsz;
      uint64_t inside = addr.value() - segment.p_vaddr;
      if (addr.value() < segment.p_vaddr || inside >= size) continue;
      uint64_t place = from_file_ ? segment.p_offset + inside
                                  : addr.value() - start_.value();
      return bytes_.Slice(place, size - inside);
    }
    return Error{ErrorCode::kOutOfRange, "address is in no loaded segment",
                 addr.value()};
  }

  Result<ByteView> Slice(LinkAddr addr, uint64_t size) const {
    if (size == 0) return ByteView();
    RELINK_TRY_ASSIGN(ByteView rest, From(addr));
    if (size > rest.size()) {
      return Error{ErrorCode::kOutOfRange,
                   "range runs past the end of its segment", addr.value()};
    }
    return rest.Slice(0, size);
  }

  template <OnDisk T>
  Result<std::span<const T>> Records(LinkAddr addr, uint64_t count) const {
    if (count == 0) return std::span<const T>();
    RELINK_TRY_ASSIGN(ByteView rest, From(addr));
    if (count > rest.size() / sizeof(T)) {
      return Error{ErrorCode::kOutOfRange,
                   "table runs past the end of its segment", addr.value()};
    }
    return rest.template Records<T>(0, count);
  }

 private:
  AddressView(std::span<const Phdr<E>> segments, ByteView bytes, LinkAddr start,
              bool from_file)
      : segments_(segments),
        bytes_(bytes),
        start_(start),
        from_file_(from_file) {}

  std::span<const Phdr<E>> segments_;
  ByteView bytes_;
  LinkAddr start_;
  bool from_file_ = true;
};

}  // namespace relink::elf

#endif  // RELINK_ELF_ADDRESS_VIEW_H_
