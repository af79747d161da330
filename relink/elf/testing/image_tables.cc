// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/image_tables.h"

#include <string>

#include "relink/elf/records.h"

namespace relink::elf {
namespace {

void Pad(Bytes* out, uint64_t alignment) {
  while (out->size() % alignment != 0) out->push_back(std::byte{0});
}

void AppendAll(Bytes* out, const Bytes& bytes) {
  out->insert(out->end(), bytes.begin(), bytes.end());
}

uint64_t AddressOf(const PlaceMap& places, const char* section) {
  auto found = places.find(section);
  return found == places.end() ? 0 : found->second.addr;
}

// Where MakeEhFrame puts its FDE.
constexpr uint32_t kCieSize = 24;
constexpr uint32_t kFdeSize = 20;

// The difference of two addresses, as a DW_EH_PE_sdata4.
template <class E>
typename E::Word Distance(uint64_t to, uint64_t from) {
  return static_cast<uint32_t>(to - from);
}

}  // namespace

template <class E>
Bytes MakeRelocations(std::span<const ImageRelocation> relocations, bool rela,
                      const SymbolTables& symbols, const PlaceMap& places) {
  Bytes out;
  for (const ImageRelocation& relocation : relocations) {
    const uint64_t symbol =
        relocation.symbol.empty() ? 0 : symbols.index.at(relocation.symbol);
    Rela<E> record{};
    record.r_offset =
        Word<E>(AddressIn(relocation.area, relocation.offset, places));
    record.r_info =
        Word<E>(symbol << (E::kIs64 ? 32 : 8) | uint64_t{relocation.type});
    const uint64_t addend =
        AddressIn(relocation.addend_area,
                  static_cast<uint64_t>(relocation.addend), places);
    record.r_addend = static_cast<typename E::SignedNative>(addend);
    if (rela) {
      Append(&out, record);
    } else {
      Append(&out, static_cast<const Rel<E>&>(record));
    }
  }
  return out;
}

template <class E>
Bytes MakeRelr(std::span<const uint64_t> addrs) {
  constexpr uint64_t kWord = sizeof(typename E::Native);
  constexpr uint64_t kBits = 8 * kWord - 1;
  Bytes out;
  for (size_t i = 0; i < addrs.size();) {
    Append(&out, typename E::Addr(Word<E>(addrs[i])));
    uint64_t base = addrs[i++] + kWord;
    for (;;) {
      uint64_t bitmap = 0;
      while (i < addrs.size() && (addrs[i] - base) % kWord == 0 &&
             (addrs[i] - base) / kWord < kBits) {
        bitmap |= uint64_t{1} << (addrs[i++] - base) / kWord;
      }
      if (bitmap == 0) break;
      Append(&out, typename E::Addr(Word<E>(bitmap << 1 | 1)));
      base += kBits * kWord;
    }
  }
  return out;
}

template <class E>
Bytes MakeNotes(std::span<const ImageNote> notes) {
  Bytes out;
  for (const ImageNote& note : notes) {
    Append(&out,
           Nhdr<E>{static_cast<uint32_t>(note.name.size() + 1),
                   static_cast<uint32_t>(note.description.size()), note.type});
    for (char c : note.name) out.push_back(static_cast<std::byte>(c));
    out.push_back(std::byte{0});
    Pad(&out, 4);
    AppendAll(&out, note.description);
    Pad(&out, 4);
  }
  return out;
}

template <class E>
Bytes MakeEhFrame(const PlaceMap& places) {
  const uint64_t at = AddressOf(places, ".eh_frame");
  auto text = places.find(".text");
  Bytes out;
  Append(&out, typename E::Word(kCieSize - 4));
  Append(&out, typename E::Word(0u));
  // Version 1, "zR", code and data alignment 1 and -8, return address column
  // 16, one byte of augmentation data: pcrel sdata4.
  AppendAll(&out, BytesOf({1, 'z', 'R', 0, 1, 0x78, 16, 1, 0x1b}));
  // DW_CFA_def_cfa: r7 + 8.  DW_CFA_offset: r16 at cfa - 8.
  AppendAll(&out, BytesOf({0x0c, 7, 8, 0x90, 1}));
  out.resize(kCieSize);
  Append(&out, typename E::Word(kFdeSize - 4));
  Append(&out, typename E::Word(kCieSize + 4));  // Back to the CIE.
  const uint64_t begin = text == places.end() ? 0 : text->second.addr;
  const uint64_t size = text == places.end() ? 0 : text->second.size;
  Append(&out, Distance<E>(begin, at + out.size()));
  Append(&out, typename E::Word(static_cast<uint32_t>(size)));
  out.resize(kCieSize + kFdeSize);  // No augmentation data; DW_CFA_nop.
  Append(&out, typename E::Word(0u));
  return out;
}

template <class E>
Bytes MakeEhFrameHeader(const PlaceMap& places) {
  const uint64_t at = AddressOf(places, ".eh_frame_hdr");
  const uint64_t frames = AddressOf(places, ".eh_frame");
  Bytes out = BytesOf({1, 0x1b, 0x03, 0x3b});
  Append(&out, Distance<E>(frames, at + 4));
  Append(&out, typename E::Word(1u));
  Append(&out, Distance<E>(AddressOf(places, ".text"), at));
  Append(&out, Distance<E>(frames + kCieSize, at));
  return out;
}

#define RELINK_INSTANTIATE(E)                                               \
  template Bytes MakeRelocations<E>(std::span<const ImageRelocation>, bool, \
                                    const SymbolTables&, const PlaceMap&);  \
  template Bytes MakeRelr<E>(std::span<const uint64_t>);                    \
  template Bytes MakeNotes<E>(std::span<const ImageNote>);                  \
  template Bytes MakeEhFrame<E>(const PlaceMap&);                           \
  template Bytes MakeEhFrameHeader<E>(const PlaceMap&)

RELINK_INSTANTIATE(Elf32Le);
RELINK_INSTANTIATE(Elf32Be);
RELINK_INSTANTIATE(Elf64Le);
RELINK_INSTANTIATE(Elf64Be);

}  // namespace relink::elf
