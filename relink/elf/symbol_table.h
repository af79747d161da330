// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_SYMBOL_TABLE_H_
#define RELINK_ELF_SYMBOL_TABLE_H_

#include <cstdint>
#include <optional>
#include <span>

#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/hash_table.h"
#include "relink/elf/records.h"
#include "relink/elf/symbol_name.h"

namespace relink::elf {

// The dynamic symbols of a module: DT_SYMTAB with its strings, hash tables and
// version indices. After Parse, accessors cannot fail; an index past `limit()`
// must not be used.
template <class E>
class SymbolTable {
 public:
  SymbolTable() = default;  // Without symbols.

  // kMalformed, kOutOfRange: a table is not where the dynamic table says.
  static Result<SymbolTable> Parse(const AddressView<E>& view,
                                   const Dynamic& dynamic);

  // As many symbols as can be read safely. Files do not say how many they have;
  // see CountSymbols.
  uint32_t limit() const { return static_cast<uint32_t>(symbols_.size()); }
  const Sym<E>& operator[](uint32_t index) const { return symbols_[index]; }

  // How many symbols the table holds: by DT_HASH if there is one, else as many
  // as fit in front of the string table or, failing that, as are hashed.
  uint32_t CountSymbols() const;

  // Empty if the name is outside of the string table.
  StringRef Name(const Sym<E>& symbol) const {
    auto name = strings_.CString(symbol.st_name);
    return name.ok() ? *name : StringRef();
  }
  ByteView strings() const { return strings_; }

  // The hash of the name, but for bit 0, if DT_GNU_HASH has it; it has that of
  // each definition.
  std::optional<uint32_t> StoredHash(uint32_t index) const {
    return gnu_hash_.StoredHash(index);
  }

  bool versioned() const { return !versym_.empty(); }
  // The raw DT_VERSYM entry (index and hidden bit), VER_NDX_GLOBAL if none.
  uint16_t Version(uint32_t index) const {
    return index < versym_.size() ? uint16_t{versym_[index]} : kVerNdxGlobal;
  }

  // Calls `accept(index)` for each symbol called `name` until it returns true;
  // returns that index, or 0 (STN_UNDEF) if there was none.
  template <typename Accept>
  uint32_t Find(const SymbolName& name, Accept accept) const {
    auto matches = [&](uint32_t index) {
      return index < limit() && NameIs(symbols_[index], name.text()) &&
             accept(index);
    };
    if (gnu_hash_.present()) return gnu_hash_.Find(name.gnu_hash(), matches);
    if (sysv_hash_.present()) {
      return sysv_hash_.Find(SysvHash(name.text()), matches);
    }
    return 0;
  }

  const GnuHashTable<E>& gnu_hash() const { return gnu_hash_; }
  bool has_gnu_hash() const { return gnu_hash_.present(); }
  bool has_sysv_hash() const { return sysv_hash_.present(); }

 private:
  bool NameIs(const Sym<E>& symbol, StringRef name) const {
    const uint64_t begin = symbol.st_name;
    if (begin >= strings_.size() || name.size() >= strings_.size() - begin) {
      return false;
    }
    const char* at = reinterpret_cast<const char*>(strings_.data()) + begin;
    return at[name.size()] == '\0' &&
           __builtin_memcmp(at, name.data(), name.size()) == 0;
  }

  std::span<const Sym<E>> symbols_;
  ByteView strings_;
  std::span<const typename E::Half> versym_;
  GnuHashTable<E> gnu_hash_;
  SysvHashTable<E> sysv_hash_;
  uint64_t before_strings_ = 0;  // Symbols between DT_SYMTAB and DT_STRTAB.
};

extern template class SymbolTable<Elf32Le>;
extern template class SymbolTable<Elf32Be>;
extern template class SymbolTable<Elf64Le>;
extern template class SymbolTable<Elf64Be>;

}  // namespace relink::elf

#endif  // RELINK_ELF_SYMBOL_TABLE_H_
