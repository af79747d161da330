// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_IMAGE_TABLES_H_
#define RELINK_ELF_TESTING_IMAGE_TABLES_H_

#include <cstdint>
#include <span>

#include "relink/elf/testing/image_spec.h"
#include "relink/elf/testing/image_symbols.h"

// For tests only: the relocations, notes and unwind tables of an image.
namespace relink::elf {

template <class E>
Bytes MakeRelocations(std::span<const ImageRelocation> relocations, bool rela,
                      const SymbolTables& symbols, const PlaceMap& places);

// `addrs` must be ascending.
template <class E>
Bytes MakeRelr(std::span<const uint64_t> addrs);

template <class E>
Bytes MakeNotes(std::span<const ImageNote> notes);

// One CIE and one FDE for the whole of .text (x86-64 rules), and the header
// with its search table of one.
template <class E>
Bytes MakeEhFrame(const PlaceMap& places);
template <class E>
Bytes MakeEhFrameHeader(const PlaceMap& places);

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_IMAGE_TABLES_H_
