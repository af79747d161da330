// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_RELOCATIONS_H_
#define RELINK_ELF_RELOCATIONS_H_

#include <bit>
#include <cstdint>
#include <span>

#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/records.h"

namespace relink::elf {

// The dynamic relocations of a module, as its file has them.
template <class E>
struct RelocationTables {
  std::span<const Rela<E>> rela;
  std::span<const Rel<E>> rel;
  std::span<const typename E::Addr> relr;
  std::span<const Rela<E>> jmprel_rela;
  std::span<const Rel<E>> jmprel_rel;

  // kOutOfRange: a table is not inside a segment.
  static Result<RelocationTables> Parse(const AddressView<E>& view,
                                        const Dynamic& dynamic) {
    RelocationTables tables;
    RELINK_TRY_ASSIGN(tables.rela, view.template Records<Rela<E>>(
                                       dynamic.rela.addr,
                                       dynamic.rela.size / sizeof(Rela<E>)));
    RELINK_TRY_ASSIGN(tables.rel,
                      view.template Records<Rel<E>>(
                          dynamic.rel.addr, dynamic.rel.size / sizeof(Rel<E>)));
    RELINK_TRY_ASSIGN(
        tables.relr,
        view.template Records<typename E::Addr>(
            dynamic.relr.addr, dynamic.relr.size / sizeof(typename E::Addr)));
    if (dynamic.jmprel_is_rela) {
      RELINK_TRY_ASSIGN(
          tables.jmprel_rela,
          view.template Records<Rela<E>>(
              dynamic.jmprel.addr, dynamic.jmprel.size / sizeof(Rela<E>)));
    } else {
      RELINK_TRY_ASSIGN(
          tables.jmprel_rel,
          view.template Records<Rel<E>>(dynamic.jmprel.addr,
                                        dynamic.jmprel.size / sizeof(Rel<E>)));
    }
    return tables;
  }
};

// Calls `visit(LinkAddr)` for each word that a DT_RELR table relocates, in
// order; stops when it returns false. An even entry is an address; an odd one
// is a bitmap of the words that follow the last address (gABI, "Relative
// Relocation Table").
template <class E, typename Visit>
bool ForEachRelr(std::span<const typename E::Addr> table, Visit visit) {
  constexpr uint64_t kWord = sizeof(typename E::Native);
  constexpr uint64_t kBitsPerEntry = 8 * kWord - 1;
  uint64_t next = 0;
  for (typename E::Native entry : table) {
    if ((entry & 1) == 0) {
      if (!visit(LinkAddr(entry))) return false;
      next = entry + kWord;
      continue;
    }
    for (uint64_t bits = entry >> 1; bits != 0; bits &= bits - 1) {
      const auto bit = static_cast<uint64_t>(std::countr_zero(bits));
      if (!visit(LinkAddr(next + bit * kWord))) return false;
    }
    next += kBitsPerEntry * kWord;
  }
  return true;
}

}  // namespace relink::elf

#endif  // RELINK_ELF_RELOCATIONS_H_
