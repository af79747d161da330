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

// Which symbol of a scope is the first that may be the definition of a name,
// for scopes of so many modules that asking each takes long: one table of all
// the hashes in the modules' DT_GNU_HASH. Immutable, so thread-safe; what it
// indexes must stay.
class ScopeIndex {
 public:
  // Says nothing: the first module may.
  ScopeIndex() = default;
  // Takes some 10 ns for each symbol in there.
  explicit ScopeIndex(Scope scope);

  // Whether an index pays for about `lookups` names.
  static bool Pays(Scope scope, uint64_t lookups);

  struct Candidate {
    // No module of the scope before this one defines the name; as many as there
    // are if none does.
    size_t module = 0;
    // Of that hash in it; 0 if that module has to be asked.
    uint32_t symbol = 0;
  };
  Candidate First(uint32_t gnu_hash) const;

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t next_module = 0;  // The module's number plus 1; 0 if it is free.
    uint32_t symbol = 0;
  };

  // By hash without bit 0, which the tables in files do not have.
  std::vector<Slot> slots_;
  // Of the modules without hashes to read, the first; otherwise how many there
  // are.
  size_t unknown_ = 0;
};

// Makes the processor fetch what a look at a candidate will need: first its
// symbol, then, once that is there, its name.
void PrefetchSymbol(Scope scope, ScopeIndex::Candidate candidate);
void PrefetchName(Scope scope, ScopeIndex::Candidate candidate);

// As FindInScope, where `first` is what an index of the scope says of the name.
Definition FindInScope(Scope scope, ScopeIndex::Candidate first,
                       const elf::SymbolName& name,
                       const elf::Definitions<NativeElf>::Request& request,
                       const ScopeMember* skip = nullptr);

// The same, with the index to ask.
inline Definition FindInScope(
    Scope scope, const ScopeIndex& index, const elf::SymbolName& name,
    const elf::Definitions<NativeElf>::Request& request,
    const ScopeMember* skip = nullptr) {
  return FindInScope(scope, index.First(name.gnu_hash()), name, request, skip);
}

}  // namespace relink

#endif  // RELINK_RELOC_SCOPE_INDEX_H_
