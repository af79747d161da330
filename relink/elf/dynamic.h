// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_DYNAMIC_H_
#define RELINK_ELF_DYNAMIC_H_

#include <cstdint>
#include <span>

#include "relink/elf/records.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink::elf {

// The facts of a dynamic table (gABI, "Dynamic Section"), whatever its class.
// An absent address is 0: no table can lie there, since the ELF header does.
struct Dynamic {
  // A table: its link address and its size in bytes.
  struct Span {
    LinkAddr addr;
    uint64_t size = 0;
    bool empty() const { return size == 0; }
  };

  LinkAddr symtab;
  Span strtab;
  LinkAddr hash;
  LinkAddr gnu_hash;
  LinkAddr versym;
  LinkAddr verdef;
  uint64_t verdefnum = 0;
  LinkAddr verneed;
  uint64_t verneednum = 0;

  Span rela;
  Span rel;
  Span relr;
  Span jmprel;
  bool jmprel_is_rela = true;  // DT_PLTREL.
  LinkAddr pltgot;

  LinkAddr init;
  LinkAddr fini;
  Span preinit_array;
  Span init_array;
  Span fini_array;

  // Offsets into the string table; kNoString if absent.
  static constexpr uint64_t kNoString = UINT64_MAX;
  uint64_t soname = kNoString;
  uint64_t rpath = kNoString;
  uint64_t runpath = kNoString;
  uint64_t needed_count = 0;
  // How many of DT_RELA's or DT_REL's relocations are relative, if it is true.
  uint64_t relative_count = 0;

  uint64_t flags = 0;    // DT_FLAGS, with DT_SYMBOLIC, DT_TEXTREL and
                         // DT_BIND_NOW folded in.
  uint64_t flags_1 = 0;  // DT_FLAGS_1.
};

// Reads a dynamic table up to its DT_NULL.
//
// kMalformed: no DT_NULL; a DT_SYMENT, DT_RELAENT, DT_RELENT or DT_RELRENT that
// is not the size of its record; a size that is not a multiple of it; a
// DT_PLTREL that is neither DT_RELA nor DT_REL. The error's offset is the
// entry's index.
template <class E>
Result<Dynamic> ParseDynamic(std::span<const Dyn<E>> table);

// Calls `visit` with the string table offset of each DT_NEEDED, in order.
template <class E, typename Visit>
void ForEachNeeded(std::span<const Dyn<E>> table, Visit visit) {
  for (const Dyn<E>& entry : table) {
    if (entry.d_tag == kDtNull) return;
    if (entry.d_tag == kDtNeeded) visit(uint64_t{entry.d_val});
  }
}

extern template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf32Le>>);
extern template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf32Be>>);
extern template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf64Le>>);
extern template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf64Be>>);

}  // namespace relink::elf

#endif  // RELINK_ELF_DYNAMIC_H_
