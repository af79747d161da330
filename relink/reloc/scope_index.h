// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_SCOPE_INDEX_H_
#define RELINK_RELOC_SCOPE_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "relink/elf/symbol_name.h"
#include "relink/reloc/scope.h"

namespace relink {

// Which module of a scope is the first that may define a name, for scopes of so
// many modules that asking each takes long: one table of all the hashes in the
// modules' DT_GNU_HASH. Immutable, so thread-safe; what it indexes must stay.
class ScopeIndex {
 public:
  // Says nothing: the first module may.
  ScopeIndex() = default;
  // Takes some 10 ns for each symbol in there.
  explicit ScopeIndex(Scope scope);

  // Whether an index pays for about `lookups` names.
  static bool Pays(Scope scope, uint64_t lookups);

  // No module before that one defines the name; `scope.size()` if none does.
  size_t First(uint32_t gnu_hash) const;

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t next_module = 0;  // The module's number plus 1; 0 if it is free.
  };

  // By hash without bit 0, which the tables in files do not have.
  std::vector<Slot> slots_;
  // Of the modules without hashes to read, the first; otherwise how many there
  // are.
  size_t unknown_ = 0;
};

// As FindInScope, beginning where `index` says.
inline Definition FindInScope(
    Scope scope, const ScopeIndex& index, const elf::SymbolName& name,
    const elf::Definitions<NativeElf>::Request& request,
    const ScopeMember* skip = nullptr) {
  return FindInScope(scope.subspan(index.First(name.gnu_hash())), name, request,
                     skip);
}

}  // namespace relink

#endif  // RELINK_RELOC_SCOPE_INDEX_H_
