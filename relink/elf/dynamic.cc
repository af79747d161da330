// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/dynamic.h"

#include <cstddef>

namespace relink::elf {
namespace {

Error Malformed(const char* what, size_t index) {
  return {ErrorCode::kMalformed, what, index};
}

}  // namespace

template <class E>
Result<Dynamic> ParseDynamic(std::span<const Dyn<E>> table) {
  Dynamic d;
  size_t i = 0;
  for (;; ++i) {
    if (i == table.size()) return Malformed("dynamic table has no DT_NULL", i);
    const uint64_t value = table[i].d_val;
    const LinkAddr addr(value);
    const int64_t tag = table[i].d_tag;
    if (tag == kDtNull) break;
    // clang-format off
    switch (tag) {
      case kDtNeeded: ++d.needed_count; break;
      case kDtSoname: d.soname = value; break;
      case kDtRpath: d.rpath = value; break;
      case kDtRunpath: d.runpath = value; break;
      case kDtStrtab: d.strtab.addr = addr; break;
      case kDtStrsz: d.strtab.size = value; break;
      case kDtSymtab: d.symtab = addr; break;
      case kDtHash: d.hash = addr; break;
      case kDtGnuHash: d.gnu_hash = addr; break;
      case kDtVersym: d.versym = addr; break;
      case kDtVerdef: d.verdef = addr; break;
      case kDtVerdefnum: d.verdefnum = value; break;
      case kDtVerneed: d.verneed = addr; break;
      case kDtVerneednum: d.verneednum = value; break;
      case kDtRela: d.rela.addr = addr; break;
      case kDtRelasz: d.rela.size = value; break;
      case kDtRel: d.rel.addr = addr; break;
      case kDtRelsz: d.rel.size = value; break;
      case kDtRelr: d.relr.addr = addr; break;
      case kDtRelrsz: d.relr.size = value; break;
      case kDtJmprel: d.jmprel.addr = addr; break;
      case kDtPltrelsz: d.jmprel.size = value; break;
      case kDtRelacount:
      case kDtRelcount: d.relative_count = value; break;
      case kDtPltgot: d.pltgot = addr; break;
      case kDtInit: d.init = addr; break;
      case kDtFini: d.fini = addr; break;
      case kDtPreinitArray: d.preinit_array.addr = addr; break;
      case kDtPreinitArraysz: d.preinit_array.size = value; break;
      case kDtInitArray: d.init_array.addr = addr; break;
      case kDtInitArraysz: d.init_array.size = value; break;
      case kDtFiniArray: d.fini_array.addr = addr; break;
      case kDtFiniArraysz: d.fini_array.size = value; break;
      case kDtFlags: d.flags |= value; break;
      case kDtFlags1: d.flags_1 |= value; break;
      case kDtSymbolic: d.flags |= kDfSymbolic; break;
      case kDtTextrel: d.flags |= kDfTextrel; break;
      case kDtBindNow: d.flags |= kDfBindNow; break;
      case kDtPltrel:
        if (static_cast<int64_t>(value) != kDtRela &&
            static_cast<int64_t>(value) != kDtRel) {
          return Malformed("DT_PLTREL is neither DT_RELA nor DT_REL", i);
        }
        d.jmprel_is_rela = static_cast<int64_t>(value) == kDtRela;
        break;
      case kDtSyment:
        if (value != sizeof(Sym<E>)) return Malformed("DT_SYMENT is not the size of a symbol", i);
        break;
      case kDtRelaent:
        if (value != sizeof(Rela<E>)) return Malformed("DT_RELAENT is not the size of a Rela", i);
        break;
      case kDtRelent:
        if (value != sizeof(Rel<E>)) return Malformed("DT_RELENT is not the size of a Rel", i);
        break;
      case kDtRelrent:
        if (value != sizeof(typename E::Native)) return Malformed("DT_RELRENT is not the size of a word", i);
        break;
      default: break;
    }
    // clang-format on
  }
  const uint64_t word = sizeof(typename E::Native);
  if (d.rela.size % sizeof(Rela<E>) != 0) {
    return Malformed("DT_RELASZ is not a multiple of DT_RELAENT", i);
  }
  if (d.rel.size % sizeof(Rel<E>) != 0) {
    return Malformed("DT_RELSZ is not a multiple of DT_RELENT", i);
  }
  if (d.relr.size % word != 0) {
    return Malformed("DT_RELRSZ is not a multiple of DT_RELRENT", i);
  }
  if (d.jmprel.size % (d.jmprel_is_rela ? sizeof(Rela<E>) : sizeof(Rel<E>))) {
    return Malformed("DT_PLTRELSZ is not a multiple of its entry size", i);
  }
  if (d.init_array.size % word != 0 || d.fini_array.size % word != 0 ||
      d.preinit_array.size % word != 0) {
    return Malformed("an init or fini array is not a multiple of a word", i);
  }
  return d;
}

template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf32Le>>);
template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf32Be>>);
template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf64Le>>);
template Result<Dynamic> ParseDynamic(std::span<const Dyn<Elf64Be>>);

}  // namespace relink::elf
