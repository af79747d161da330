// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/symbol_table.h"

#include <algorithm>
#include <cstddef>

namespace relink::elf {

template <class E>
Result<SymbolTable<E>> SymbolTable<E>::Parse(const AddressView<E>& view,
                                             const Dynamic& dynamic) {
  SymbolTable table;
  RELINK_TRY_ASSIGN(table.strings_,
                    view.Slice(dynamic.strtab.addr, dynamic.strtab.size));
  if (dynamic.symtab.value() == 0) return table;
  RELINK_TRY_ASSIGN(ByteView rest, view.From(dynamic.symtab));
  // r_info holds 32 bits of symbol index in the 64-bit class.
  const uint64_t limit =
      std::min<uint64_t>(rest.size() / sizeof(Sym<E>), UINT32_MAX);
  RELINK_TRY_ASSIGN(table.symbols_, rest.template Records<Sym<E>>(0, limit));
  if (dynamic.strtab.addr > dynamic.symtab) {
    table.before_strings_ =
        static_cast<uint64_t>(dynamic.strtab.addr - dynamic.symtab) /
        sizeof(Sym<E>);
  }
  if (dynamic.gnu_hash.value() != 0) {
    RELINK_TRY_ASSIGN(ByteView bytes, view.From(dynamic.gnu_hash));
    RELINK_TRY_ASSIGN(table.gnu_hash_, GnuHashTable<E>::Parse(bytes));
  }
  if (dynamic.hash.value() != 0) {
    RELINK_TRY_ASSIGN(ByteView bytes, view.From(dynamic.hash));
    RELINK_TRY_ASSIGN(table.sysv_hash_, SysvHashTable<E>::Parse(bytes));
  }
  if (dynamic.versym.value() != 0) {
    RELINK_TRY_ASSIGN(ByteView bytes, view.From(dynamic.versym));
    RELINK_TRY_ASSIGN(
        table.versym_,
        bytes.template Records<typename E::Half>(
            0, std::min<uint64_t>(bytes.size() / 2, table.symbols_.size())));
  }
  return table;
}

template <class E>
uint32_t SymbolTable<E>::CountSymbols() const {
  uint64_t count = gnu_hash_.present() ? gnu_hash_.CountSymbols() : 0;
  if (sysv_hash_.present()) {
    count = sysv_hash_.symbol_count();
  } else if (before_strings_ != 0 && before_strings_ >= count) {
    count = before_strings_;
  }
  return static_cast<uint32_t>(std::min<uint64_t>(count, symbols_.size()));
}

template class SymbolTable<Elf32Le>;
template class SymbolTable<Elf32Be>;
template class SymbolTable<Elf64Le>;
template class SymbolTable<Elf64Be>;

}  // namespace relink::elf
