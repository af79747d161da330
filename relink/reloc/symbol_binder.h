// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_SYMBOL_BINDER_H_
#define RELINK_RELOC_SYMBOL_BINDER_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "relink/arch/relocation_rule.h"
#include "relink/elf/hash_filter.h"
#include "relink/elf/symbol_name.h"
#include "relink/reloc/apply.h"
#include "relink/reloc/bound_module.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/scope_index.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/tls_provider.h"

namespace relink {

class LazyBinder;

// A symbol that references find before any scope is searched.
struct SymbolOverride {
  elf::SymbolName name;
  uint64_t address;
};

// Where the one instance of a GNU unique symbol is; 0 if there is none yet. The
// host's has no owner.
struct UniqueDefinition {
  uint64_t address = 0;
  const ScopeMember* owner = nullptr;
};

// What the binders of one link share. Everything must outlive them.
struct BindingContext {
  // What the embedder defines for the link, before everything else.
  Scope first;
  // Then what the process makes global (gABI, "Shared Object Dependencies", on
  // interposition), and what may be in there at all.
  Scope global;
  elf::HashFilter global_filter;
  // Then, without those in `global`, what its context makes global, and the
  // root and its dependencies, breadth-first.
  Scope local;
  const ScopeIndex* local_index = nullptr;  // Of `local`; null for none.
  // Every module of the host, whose memory may be gone.
  Scope host;
  // Finds the one instance of a symbol that must be unique, if there is one
  // already.
  std::function<UniqueDefinition(const elf::SymbolName&)> find_unique;
  std::span<const SymbolOverride> overrides;
  TlsProvider* tls = nullptr;
  // Local members whose static TLS may be claimed by a reference.
  std::span<BoundModule> modules;
  // Who takes part; nobody by default.
  RelocationHandler* relocation_handler = nullptr;
  UndefinedSymbolHandler find_undefined = nullptr;
  SymbolObserver on_bound = nullptr;
  // Binds the jump slots of modules that allow it when they are first called;
  // null to bind everything now.
  LazyBinder* lazy = nullptr;
  // Whether BoundModule::bound_to is kept.
  bool record_owners = true;
};

// Binds the symbol references of one module (the Binder of apply.h).
class SymbolBinder {
 public:
  SymbolBinder(const BindingContext& context, BoundModule& self,
               std::vector<PendingIndirect>& indirects);

  const BoundSymbol* Bind(uint32_t index, const RelocationRule& rule) {
    const BoundSymbol& cached = cache_[index % kCached];
    if (cached.reference == index && cached.lookup == rule.lookup &&
        cached.owner != nullptr) {
      return &cached;
    }
    return BindSlowly(index, rule);
  }
  bool TlsModule(const BoundSymbol& bound, uint64_t* value);
  bool TlsOffset(const BoundSymbol& bound, uint64_t addend, uint64_t* value);
  bool ThreadOffset(const BoundSymbol& bound, uint64_t addend, uint64_t* value);
  bool TlsDescriptor(const BoundSymbol& bound, uint64_t addend,
                     uint64_t* value);
  void Defer(const PendingIndirect& pending) { indirects_.push_back(pending); }

  // Looks ahead at all symbols that the module does not define, if they are to
  // be found by an index, so that the processor has what a lookup will touch.
  void Foresee();

  // Why a call above stopped the relocator.
  const absl::Status& status() const { return status_; }
  // The strong references that nothing defines, in order; maybe more than once.
  const std::vector<std::string>& undefined() const { return undefined_; }

 private:
  // Search, and the observer is told.
  const BoundSymbol* BindSlowly(uint32_t index, const RelocationRule& rule);
  const BoundSymbol* Search(uint32_t index, const RelocationRule& rule);
  // Asks the handler for an address. Returns false if there is none.
  bool Supply(uint32_t index, const RelocationRule& rule, BoundSymbol& bound);
  // Of two names whose hashes differ in bit 0 only, either.
  const SymbolOverride* FindOverride(uint32_t hash) const;
  // Whether a lookup would find the referring symbol itself: known without a
  // look at its name if the module comes first and is not interposed.
  bool FindsItself(uint32_t index, const elf::Sym<NativeElf>& reference,
                   Lookup lookup) const;
  // The definition that a reference binds to by the rules of the gABI and GNU.
  Definition Resolve(uint32_t index, const elf::SymbolName& name,
                     Lookup lookup) const;
  bool Fail(absl::Status status);
  // Adds to the owners that the module is bound to, few of them repeatedly.
  void Remember(const ScopeMember& owner);

  const BindingContext& context_;
  BoundModule& self_;
  std::vector<PendingIndirect>& indirects_;
  // By symbol index, modulo its size: linkers sort relocations by symbol.
  static constexpr uint32_t kCached = 64;
  std::array<BoundSymbol, kCached> cache_;
  static constexpr size_t kRecentOwners = 16;
  std::array<const ScopeMember*, kRecentOwners> recent_owners_{};
  std::vector<ScopeIndex::Candidate> foreseen_;  // By symbol index.
  // Where the last search found something; null if no module had it.
  const ScopeMember* definer_ = nullptr;
  std::vector<std::string> undefined_;
  absl::Status status_;
};

}  // namespace relink

#endif  // RELINK_RELOC_SYMBOL_BINDER_H_
