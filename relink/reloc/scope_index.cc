// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/scope_index.h"

#include <bit>
#include <cstring>

namespace relink {
namespace {

uint64_t CountHashes(const ScopeMember& member) {
  return member.definitions.symbols.gnu_hash().hashes().size();
}

bool HasHashes(const ScopeMember& member) {
  const auto& symbols = member.definitions.symbols;
  return symbols.limit() == 0 || symbols.has_gnu_hash();
}

uint64_t CountHashes(Scope scope) {
  uint64_t count = 0;
  for (const ScopeMember* member : scope) count += CountHashes(*member);
  return count;
}

bool HasName(const elf::SymbolTable<NativeElf>& symbols,
             const elf::Sym<NativeElf>& symbol, StringRef name) {
  const ByteView strings = symbols.strings();
  const uint64_t begin = symbol.st_name;
  if (!strings.Contains(begin, name.size() + 1)) return false;
  const char* at = reinterpret_cast<const char*>(strings.data()) + begin;
  return at[name.size()] == '\0' &&
         std::memcmp(at, name.data(), name.size()) == 0;
}

// The low bits of hashes of similar names are alike.
uint64_t Mix(uint32_t hash) {
  return uint64_t{hash} * 0x9e3779b97f4a7c15 >> 32;
}

}  // namespace

bool ScopeIndex::Pays(Scope scope, uint64_t lookups) {
  // With fewer, filters are faster. An entry costs about as much as asking four
  // modules, and a lookup asks half of them.
  constexpr size_t kFewModules = 16;
  return scope.size() >= kFewModules &&
         lookups * scope.size() / 8 >= CountHashes(scope);
}

ScopeIndex::ScopeIndex(Scope scope) : unknown_(scope.size()) {
  slots_.resize(std::bit_ceil(2 * CountHashes(scope) + 2));
  const uint64_t mask = slots_.size() - 1;
  for (size_t i = 0; i < scope.size(); ++i) {
    if (!HasHashes(*scope[i])) {
      unknown_ = i;
      break;
    }
    const auto& table = scope[i]->definitions.symbols.gnu_hash();
    const auto hashes = table.hashes();
    uint32_t symbol =
        table.CountSymbols() - static_cast<uint32_t>(hashes.size());
    for (const uint32_t stored : hashes) {
      const uint32_t hash = stored | 1;
      const uint32_t index = symbol++;
      uint64_t at = Mix(hash) & mask;
      while (slots_[at].next_module != 0 && slots_[at].hash != hash) {
        at = (at + 1) & mask;
      }
      if (slots_[at].next_module != 0) continue;  // An earlier one has it.
      slots_[at] = {hash, static_cast<uint32_t>(i + 1), index};
    }
  }
}

ScopeIndex::Candidate ScopeIndex::First(uint32_t gnu_hash) const {
  if (slots_.empty()) return {};
  const uint64_t mask = slots_.size() - 1;
  const uint32_t hash = gnu_hash | 1;
  for (uint64_t at = Mix(hash) & mask; slots_[at].next_module != 0;
       at = (at + 1) & mask) {
    if (slots_[at].hash == hash) {
      return {slots_[at].next_module - 1, slots_[at].symbol};
    }
  }
  return {unknown_, 0};
}

void PrefetchSymbol(Scope scope, ScopeIndex::Candidate candidate) {
  if (candidate.symbol == 0) return;
  const auto& symbols = scope[candidate.module]->definitions.symbols;
  if (candidate.symbol < symbols.limit()) {
    __builtin_prefetch(&symbols[candidate.symbol]);
  }
}

void PrefetchName(Scope scope, ScopeIndex::Candidate candidate) {
  if (candidate.symbol == 0) return;
  const auto& symbols = scope[candidate.module]->definitions.symbols;
  if (candidate.symbol >= symbols.limit()) return;
  const uint64_t name = symbols[candidate.symbol].st_name;
  if (name < symbols.strings().size()) {
    __builtin_prefetch(symbols.strings().data() + name);
  }
}

Definition FindInScope(Scope scope, ScopeIndex::Candidate first,
                       const elf::SymbolName& name,
                       const elf::Definitions<NativeElf>::Request& request,
                       const ScopeMember* skip) {
  if (first.symbol != 0) {
    const ScopeMember* const member = scope[first.module];
    const auto& symbols = member->definitions.symbols;
    // With versions, it may be one of several definitions of the name.
    if (member != skip && !symbols.versioned() &&
        first.symbol < symbols.limit()) {
      const elf::Sym<NativeElf>& symbol = symbols[first.symbol];
      if (elf::Definitions<NativeElf>::IsDefinition(symbol,
                                                    request.skip_undefined) &&
          HasName(symbols, symbol, name.text())) {
        return {member, first.symbol};
      }
    }
  }
  return FindInScope(scope.subspan(first.module), name, request, skip);
}

}  // namespace relink
