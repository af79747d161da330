// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_LSDA_H_
#define RELINK_ELF_LSDA_H_

#include <cstdint>

#include "relink/elf/dwarf_cursor.h"
#include "relink/elf/records.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// A function's language-specific data as GCC and LLVM write it for C, C++,
// Rust, D, Ada and Go (".gcc_except_table"; no specification but the "C++ ABI
// for Itanium: Exception Handling", section 7.3). Its addresses are offsets, so
// a copy of the function can share it.
struct Lsda {
  // Where offsets of landing pads count from; not present: the beginning of the
  // function.
  EncodedPointer landing_pad_base;
  LinkRange call_sites;
  uint64_t call_sites_end = 0;    // The end of the last of them, as an offset.
  uint64_t last_landing_pad = 0;  // The greatest offset; 0: none.

  // For ForEachLandingPad.
  ByteView call_site_bytes;
  uint8_t call_site_encoding = kPeOmit;
};

// Calls `visit(uint64_t)` with the offset of each landing pad of one that
// ReadLsda made. Call sites may share them.
template <class E, typename Visit>
void ForEachLandingPad(const Lsda& lsda, Visit visit) {
  DwarfCursor<E> cursor(lsda.call_site_bytes, lsda.call_sites.begin);
  while (!cursor.at_end()) {
    cursor.Value(lsda.call_site_encoding);  // Start.
    cursor.Value(lsda.call_site_encoding);  // Length.
    const uint64_t landing_pad = cursor.Value(lsda.call_site_encoding);
    cursor.Uleb128();  // Action.
    if (landing_pad != 0) visit(landing_pad);
  }
}

// Reads the one at the beginning of `bytes`, which lie at `begin` and go on to
// the end of its section.
//
// kMalformed, kOutOfRange: not one, or its call sites leave the section.
// kUnsupported: an encoding of call sites that no compiler writes.
template <class E>
Result<Lsda> ReadLsda(ByteView bytes, LinkAddr begin);

extern template Result<Lsda> ReadLsda<Elf32Le>(ByteView, LinkAddr);
extern template Result<Lsda> ReadLsda<Elf32Be>(ByteView, LinkAddr);
extern template Result<Lsda> ReadLsda<Elf64Le>(ByteView, LinkAddr);
extern template Result<Lsda> ReadLsda<Elf64Be>(ByteView, LinkAddr);

}  // namespace relink::elf

#endif  // RELINK_ELF_LSDA_H_
