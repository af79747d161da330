// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/symbol_binder.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/reloc/symbol_versions.h"
#include "relink/support/status.h"

namespace relink {
namespace {

bool BindsLocally(const elf::Sym<NativeElf>& reference) {
  return reference.bind() == elf::kStbLocal ||
         reference.visibility() == elf::kStvHidden ||
         reference.visibility() == elf::kStvInternal ||
         (reference.visibility() == elf::kStvProtected &&
          !reference.undefined());
}

// Whether what the formula computes is of the symbol's address, so that an
// address is all it needs.
bool UsesAddress(Formula formula) {
  return formula == Formula::kAddress || formula == Formula::kSymbol ||
         formula == Formula::kPcRelative;
}

const ScopeMember& OwnerOf(const BoundSymbol& bound) {
  return *static_cast<const ScopeMember*>(bound.owner);
}

}  // namespace

SymbolBinder::SymbolBinder(const BindingContext& context, BoundModule& self,
                           std::vector<PendingIndirect>& indirects)
    : context_(context), self_(self), indirects_(indirects) {}

bool SymbolBinder::Fail(absl::Status status) {
  status_ = std::move(status);
  return false;
}

void SymbolBinder::Remember(const ScopeMember& owner) {
  if (!context_.record_owners || &owner == &self_.member || owner.host) return;
  const auto mixed = reinterpret_cast<uintptr_t>(&owner) / sizeof(ScopeMember);
  const ScopeMember*& recent = recent_owners_[mixed % kRecentOwners];
  if (recent == &owner) return;
  recent = &owner;
  self_.bound_to.push_back(&owner);
}

const SymbolOverride* SymbolBinder::FindOverride(uint32_t hash) const {
  for (const SymbolOverride& override : context_.overrides) {
    if ((override.name.gnu_hash() | 1) == (hash | 1)) return &override;
  }
  return nullptr;
}

bool SymbolBinder::FindsItself(uint32_t index,
                               const elf::Sym<NativeElf>& reference,
                               Lookup lookup) const {
  const elf::Definitions<NativeElf>& own = self_.member.definitions;
  const bool first = context_.first.empty() && !context_.local.empty() &&
                     context_.local.front() == &self_.member;
  if (!first || lookup == Lookup::kCopy || reference.undefined() ||
      reference.bind() == elf::kStbGnuUnique ||
      !elf::Definitions<NativeElf>::IsDefinition(reference,
                                                 /*skip_undefined=*/true)) {
    return false;
  }
  // No two definitions of a name in one module have the same version or none.
  const uint16_t versym = own.symbols.Version(index);
  if ((versym & elf::kVersymVersion) == elf::kVerNdxLocal) return false;
  const std::optional<uint32_t> hash = own.symbols.StoredHash(index);
  return hash.has_value() && !context_.global_filter.MayContain(*hash) &&
         FindOverride(*hash) == nullptr;
}

Definition SymbolBinder::Resolve(uint32_t index, const elf::SymbolName& name,
                                 Lookup lookup) const {
  const ScopeMember* self = &self_.member;
  elf::Definitions<NativeElf>::Request request =
      VersionRequest(self->definitions, index);
  request.skip_undefined = lookup == Lookup::kCall;
  Definition found;
  if (self->symbolic && lookup != Lookup::kCopy) {
    found = FindInScope({&self, 1}, name, request);
  }
  if (found.owner == nullptr && !context_.first.empty()) {
    found = FindInScope(context_.first, name, request);
  }
  if (found.owner == nullptr &&
      context_.global_filter.MayContain(name.gnu_hash())) {
    found = FindInScope(context_.global, name, request);
  }
  if (found.owner == nullptr) {
    const ScopeIndex::Candidate first =
        index < foreseen_.size() ? foreseen_[index]
        : context_.local_index == nullptr
            ? ScopeIndex::Candidate()
            : context_.local_index->First(name.gnu_hash());
    found = FindInScope(context_.local, first, name, request,
                        lookup == Lookup::kCopy ? self : nullptr);
  }
  return found;
}

void SymbolBinder::Foresee() {
  // What tables have hashes of stands after what they do not define.
  const elf::SymbolTable<NativeElf>& symbols = self_.member.definitions.symbols;
  if (context_.local_index == nullptr || !symbols.has_gnu_hash()) return;
  const elf::GnuHashTable<NativeElf>& table = symbols.gnu_hash();
  const uint64_t count = std::min<uint64_t>(
      symbols.limit(), table.CountSymbols() - table.hashes().size());
  // More than fits into the nearest caches would be gone before its turn.
  constexpr uint64_t kMost = 2048;
  foreseen_.resize(std::min(count, kMost));
  for (uint32_t i = 1; i < foreseen_.size(); ++i) {
    const elf::SymbolName name(symbols.Name(symbols[i]));
    foreseen_[i] = context_.local_index->First(name.gnu_hash());
    PrefetchSymbol(context_.local, foreseen_[i]);
  }
  for (const ScopeIndex::Candidate& candidate : foreseen_) {
    PrefetchName(context_.local, candidate);
  }
}

bool SymbolBinder::Supply(uint32_t index, const RelocationRule& rule,
                          BoundSymbol& bound) {
  if (context_.find_undefined == nullptr || !UsesAddress(rule.formula)) {
    return false;
  }
  bound.address = context_.find_undefined(ReferenceOf(self_.member, index));
  bound.defined = bound.address != 0;
  return bound.defined;
}

const BoundSymbol* SymbolBinder::BindSlowly(uint32_t index,
                                            const RelocationRule& rule) {
  const BoundSymbol* bound = Search(index, rule);
  if (context_.on_bound != nullptr && bound != nullptr && bound->defined &&
      index != 0) {
    context_.on_bound({.reference = ReferenceOf(self_.member, index),
                       .definer = definer_,
                       .address = bound->address,
                       .indirect = bound->indirect});
  }
  return bound;
}

const BoundSymbol* SymbolBinder::Search(uint32_t index,
                                        const RelocationRule& rule) {
  const elf::SymbolTable<NativeElf>& symbols = self_.member.definitions.symbols;
  definer_ = nullptr;
  BoundSymbol& bound = cache_[index % kCached];
  bound = {.lookup = rule.lookup,
           .reference = index,
           .index = index,
           .owner = &self_.member};
  if (index == 0) {
    // STN_UNDEF: the relocation is about the module itself.
    bound.address = self_.member.addresses.bias();
    bound.is_place = true;
    bound.defined = true;
    return &bound;
  }
  if (index >= symbols.limit()) {
    bound.owner = nullptr;
    Fail(absl::InvalidArgumentError(
        absl::StrCat("symbol index ", index, " is outside of DT_SYMTAB")));
    return nullptr;
  }
  const elf::Sym<NativeElf>& reference = symbols[index];
  Definition found{&self_.member, index};
  if (!BindsLocally(reference) && !FindsItself(index, reference, rule.lookup)) {
    const elf::SymbolName name(symbols.Name(reference));
    if (const SymbolOverride* override = FindOverride(name.gnu_hash());
        override != nullptr && override->name.text() == name.text()) {
      bound.address = override->address;
      bound.defined = true;
      return &bound;
    }
    found = Resolve(index, name, rule.lookup);
  }
  if (found.owner == nullptr) {
    if (reference.bind() != elf::kStbWeak && !Supply(index, rule, bound)) {
      const SymbolReference missing = ReferenceOf(self_.member, index);
      undefined_.push_back(
          missing.version.empty()
              ? std::string(missing.name)
              : absl::StrCat(missing.name, "@", missing.version));
    }
    return &bound;
  }
  const elf::Sym<NativeElf>& symbol = found.symbol();
  definer_ = found.owner;
  bound.owner = found.owner;
  bound.index = found.index;
  bound.address = found.address();
  bound.size = symbol.st_size;
  bound.defined = true;
  // A GNU unique symbol exists once in the process, however scopes nest.
  if (symbol.bind() == elf::kStbGnuUnique && !found.owner->host &&
      context_.find_unique != nullptr) {
    const elf::SymbolName name(symbols.Name(reference));
    const UniqueDefinition unique = context_.find_unique(name);
    if (unique.address != 0) bound.address = unique.address;
    if (unique.owner != nullptr) Remember(*unique.owner);
  }
  Remember(*found.owner);
  if (found.owner == &self_.member && symbol.type() == elf::kSttSection) {
    bound.is_place = true;
    bound.place = LinkAddr(symbol.st_value);
  }
  bound.indirect = symbol.type() == elf::kSttGnuIfunc && !symbol.undefined();
  if (rule.lookup == Lookup::kCopy) {
    // Sizes may differ; ld.so copies the smaller.
    bound.size = std::min<uint64_t>(bound.size, reference.st_size);
    // Where the bytes are in this process, which need not be where the image
    // will have them.
    const auto bytes = found.owner->memory.Slice(
        LinkAddr(uint64_t{symbol.st_value}), bound.size);
    if (!bytes.ok() || symbol.st_shndx == elf::kShnAbs) {
      bound.owner = nullptr;
      Fail(absl::InvalidArgumentError(absl::StrCat(
          "copied definition lies outside of ", found.owner->name)));
      return nullptr;
    }
    if (bound.address == found.address()) {
      bound.address = reinterpret_cast<uint64_t>(bytes->data());
    }
  }
  return &bound;
}

bool SymbolBinder::TlsModule(const BoundSymbol& bound, uint64_t* value) {
  const ScopeMember& owner = OwnerOf(bound);
  *value = owner.tls_module;
  if (*value == 0) {
    return Fail(absl::InvalidArgumentError(
        absl::StrCat(owner.name, " has no PT_TLS segment")));
  }
  // The code will call this link's function.
  if (owner.tls_get_addr != 0 &&
      owner.tls_get_addr != context_.tls->functions().get_addr) {
    return Fail(absl::FailedPreconditionError(absl::StrCat(
        owner.name, " has its thread-local storage from another provider")));
  }
  return true;
}

bool SymbolBinder::TlsOffset(const BoundSymbol& bound, uint64_t addend,
                             uint64_t* value) {
  *value = OwnerOf(bound).definitions.symbols[bound.index].st_value + addend;
  if (bound.index == 0) *value = addend;
  return true;
}

bool SymbolBinder::ThreadOffset(const BoundSymbol& bound, uint64_t addend,
                                uint64_t* value) {
  const ScopeMember& owner = OwnerOf(bound);
  uint64_t offset = 0;
  if (!TlsModule(bound, &offset)) return false;
  auto block = owner.static_tls_offset.has_value()
                   ? absl::StatusOr<int64_t>(*owner.static_tls_offset)
               : owner.host ? context_.tls->HostStaticOffset(owner.tls_module)
                            : context_.tls->MakeStatic(owner.tls_module);
  if (!block.ok()) {
    return Fail(&owner == &self_.member ? block.status()
                                        : Annotate(block.status(), owner.name));
  }
  for (BoundModule& module : context_.modules) {
    if (&module.member == &owner) module.member.static_tls_offset = *block;
  }
  if (!TlsOffset(bound, addend, &offset)) return false;
  *value = offset + static_cast<uint64_t>(*block);
  return true;
}

bool SymbolBinder::TlsDescriptor(const BoundSymbol& bound, uint64_t addend,
                                 uint64_t* value) {
  const TlsProvider::Functions functions = context_.tls->functions();
  const uint64_t resolver = !bound.defined ? functions.undefined_weak_descriptor
                            : OwnerOf(bound).static_tls_offset.has_value()
                                ? functions.static_descriptor
                                : functions.dynamic_descriptor;
  if (resolver == 0) {
    return Fail(absl::UnimplementedError(
        "the provider of thread-local storage has no descriptors"));
  }
  if (!bound.defined) {
    value[0] = functions.undefined_weak_descriptor;
    value[1] = addend;
    return true;
  }
  if (OwnerOf(bound).static_tls_offset.has_value()) {
    value[0] = functions.static_descriptor;
    return ThreadOffset(bound, addend, &value[1]);
  }
  TlsIndex index{};
  if (!TlsModule(bound, &index.module)) return false;
  if (!TlsOffset(bound, addend, &index.offset)) return false;
  self_.tls_indexes.push_back(index);
  value[0] = functions.dynamic_descriptor;
  value[1] = reinterpret_cast<uint64_t>(&self_.tls_indexes.back());
  return true;
}

}  // namespace relink
