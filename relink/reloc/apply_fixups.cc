// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/apply_fixups.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relink/elf/constants.h"
#include "relink/layout/place_sections.h"
#include "relink/reloc/apply.h"
#include "relink/reloc/bound_module.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

class FixupApplier {
 public:
  FixupApplier(PlacedGraph& placed, const BindingContext& context)
      : placed_(placed), context_(context) {
    const LinkGraph& graph = placed.graph();
    starts_.resize(graph.sections.size());
    for (SectionId id : graph.order) {
      starts_[id.index()] = placed.At(id).value();
      if (graph.sections[id].kind == SectionKind::kStubs) {
        stubs_.emplace_back(graph.sections[id].module_id, id);
      }
    }
  }

  absl::Status Apply(SectionId id) {
    const Section& section = placed_.section(id);
    const bool is_placed = placed_.layout().IsPlaced(id);
    const Bytes bytes = placed_.Bytes(id);
    for (const Fixup& fixup : section.fixups) {
      if (fixup.origin == FixupOrigin::kDynamic) continue;
      if (!is_placed &&
          !IsRedirected(placed_.graph(), placed_.layout(), fixup)) {
        continue;
      }
      absl::Status status = ApplyOne(id, fixup, bytes);
      if (!status.ok()) {
        return Annotate(status, Describe(section, fixup));
      }
    }
    return absl::OkStatus();
  }

 private:
  using Bytes = std::span<std::byte>;

  absl::Status ApplyOne(SectionId id, const Fixup& fixup, Bytes bytes) {
    const RelocationRule& rule = *fixup.rule;
    ASSIGN_OR_RETURN(const uint64_t value, ValueOf(id, fixup));
    if (!Fits(value, rule.field, rule.fit)) {
      return absl::OutOfRangeError(absl::StrCat(
          "value does not fit in its field (0x", absl::Hex(value), ")"));
    }
    const auto size = static_cast<uint64_t>(rule.field);
    if (fixup.offset > bytes.size() || size > bytes.size() - fixup.offset) {
      return absl::InternalError("place is outside of its section");
    }
    reloc_internal::StoreField<NativeElf>(bytes.data() + fixup.offset,
                                          rule.field, value);
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> ValueOf(SectionId id, const Fixup& fixup) {
    const Symbol& symbol = placed_.graph().symbols[fixup.target];
    if (fixup.rule->formula == Formula::kThreadOffset) {
      return ThreadOffset(symbol, fixup.addend);
    }
    const auto from = [&](uint64_t address) {
      return Compute(id, fixup, address);
    };
    if (!std::holds_alternative<Undefined>(symbol.definition) ||
        symbol.dynamic_index == 0) {
      ASSIGN_OR_RETURN(const uint64_t address, TakesAddress(id, fixup)
                                                   ? HomeOf(fixup.target)
                                                   : AddressOf(fixup.target));
      return from(address);
    }
    ASSIGN_OR_RETURN(const Bound bound, Bind(symbol, *fixup.rule));
    if (!bound.indirect) {
      ASSIGN_OR_RETURN(const uint64_t value, from(bound.address));
      const bool may_use_stub =
          bound.function || fixup.rule->lookup == Lookup::kCall;
      if (!may_use_stub || Fits(value, fixup.rule->field, fixup.rule->fit)) {
        return value;
      }
    }
    ASSIGN_OR_RETURN(const uint64_t stub, StubOf(symbol));
    return from(stub);
  }

  absl::StatusOr<uint64_t> Compute(SectionId id, const Fixup& fixup,
                                   uint64_t address) const {
    const uint64_t value = address + static_cast<uint64_t>(fixup.addend);
    switch (fixup.rule->formula) {
      case Formula::kSymbol:
        return value;
      case Formula::kPcRelative:
        return value - starts_[id.index()] - fixup.offset;
      case Formula::kGotOffset: {
        const ModuleId module_id = placed_.section(id).module_id;
        const LinkAddr got = placed_.module(module_id).dynamic.pltgot;
        return value - placed_.placed(module_id).At(got).value();
      }
      default:
        return absl::UnimplementedError("is only for dynamic relocations");
    }
  }

  // What a name is bound to.
  struct Bound {
    uint64_t address = 0;
    bool indirect = false;  // It is an ifunc: only a stub calls the right one.
    bool function = false;
  };
  absl::StatusOr<Bound> Bind(const Symbol& symbol, const RelocationRule& rule) {
    BoundModule& module = context_.modules[symbol.module_id.index()];
    std::vector<PendingIndirect> none;
    SymbolBinder binder(context_, module, none);
    const BoundSymbol* found = binder.Bind(symbol.dynamic_index, rule);
    if (found == nullptr) return binder.status();
    if (!binder.undefined().empty()) {
      return absl::NotFoundError("undefined symbol");
    }
    Bound bound = {.address = found->address, .indirect = found->indirect};
    if (found->defined && found->owner != nullptr) {
      const auto& owner = *static_cast<const ScopeMember*>(found->owner);
      const uint8_t type = owner.definitions.symbols[found->index].type();
      bound.function = type == elf::kSttFunc || type == elf::kSttGnuIfunc;
    }
    return bound;
  }

  // The jump to an undefined symbol, which can be far away.
  absl::StatusOr<uint64_t> StubOf(const Symbol& symbol) const {
    for (const auto& [module_id, id] : stubs_) {
      if (module_id != symbol.module_id) continue;
      const uint64_t size = placed_.module(module_id).target->stub.size();
      const uint64_t offset = (symbol.dynamic_index - 1) * size;
      if (offset < placed_.section(id).size) {
        return starts_[id.index()] + offset;
      }
    }
    return absl::OutOfRangeError("is out of reach, and has no stub");
  }

  // From the thread pointer to a variable of the module itself, whose block is
  // put into static TLS for it.
  absl::StatusOr<uint64_t> ThreadOffset(const Symbol& symbol, int64_t addend) {
    const auto* place = std::get_if<InSection>(&symbol.definition);
    const Module& module = placed_.module(symbol.module_id);
    if (place == nullptr || !module.tls.has_value()) {
      return absl::InvalidArgumentError("is no thread-local variable");
    }
    ScopeMember& member = context_.modules[symbol.module_id.index()].member;
    if (!member.static_tls_offset.has_value()) {
      ASSIGN_OR_RETURN(member.static_tls_offset,
                       context_.tls->MakeStatic(member.tls_module));
    }
    const Section& section = placed_.section(place->section_id);
    const int64_t in_block =
        section.home.begin + place->offset - module.tls->image.begin;
    return static_cast<uint64_t>(*member.static_tls_offset + in_block + addend);
  }

  // Whether code takes the address of a function whose address is its
  // original's. What goes along with a function refers to the copy, and so do
  // places of its own, but for its beginning.
  bool TakesAddress(SectionId id, const Fixup& fixup) const {
    const auto* target = std::get_if<InSection>(
        &placed_.graph().symbols[fixup.target].definition);
    if (target == nullptr) return false;
    const int64_t width = static_cast<int64_t>(fixup.rule->field);
    const bool beginning = target->offset == 0 && fixup.addend == -width;
    return (target->section_id != id || beginning) &&
           placed_.section(target->section_id).address_kept &&
           placed_.section(id).kind == SectionKind::kFunction &&
           fixup.rule->lookup != Lookup::kCall;
  }

  uint64_t HomeOf(SymbolId id) const {
    const auto& target =
        std::get<InSection>(placed_.graph().symbols[id].definition);
    const Section& section = placed_.section(target.section_id);
    return section.home.begin.value() + target.offset +
           placed_.placed(section.module_id).bias();
  }

  absl::StatusOr<uint64_t> AddressOf(SymbolId id) const {
    const Symbol& symbol = placed_.graph().symbols[id];
    if (const auto* defined = std::get_if<InSection>(&symbol.definition)) {
      return starts_[defined->section_id.index()] + defined->offset;
    }
    if (const auto* known = std::get_if<External>(&symbol.definition)) {
      return known->address.value();
    }
    const elf::SymbolName name(Ref(symbol.name));
    for (Scope scope : {context_.global, context_.local}) {
      const Definition found = FindInScope(scope, name, {.newest = true});
      if (found.owner != nullptr) return found.address();
    }
    return absl::NotFoundError("undefined symbol");
  }

  // "libfoo.so: f+0x12: TYPE against g".
  std::string Describe(const Section& section, const Fixup& fixup) const {
    const LinkGraph& graph = placed_.graph();
    const Symbol& target = graph.symbols[fixup.target];
    absl::string_view name = target.name;
    if (const auto* defined = std::get_if<InSection>(&target.definition);
        name.empty() && defined != nullptr) {
      name = graph.sections[defined->section_id].name;
    }
    const uint64_t offset = fixup.offset;
    return absl::StrCat(graph.modules[section.module_id].name(), ": ",
                        section.name, "+0x", absl::Hex(offset), ": ",
                        fixup.rule->name, " against ", name);
  }

  PlacedGraph& placed_;
  const BindingContext& context_;
  std::vector<uint64_t> starts_;  // Of each live section.
  std::vector<std::pair<ModuleId, SectionId>> stubs_;
};

// An original becomes a jump to its copy.
void LeadToCopy(PlacedGraph& placed, SectionId id) {
  const Section& section = placed.section(id);
  const Target& target = *placed.module(section.module_id).target;
  const LinkRange home = {section.home.begin, target.jump.size()};
  const PlacedModule& module = placed.placed(section.module_id);
  const std::span<std::byte> bytes = module.Bytes(home);
  std::memcpy(bytes.data(), target.jump.data(), home.size);
  constexpr auto kField = Field::k32;
  const uint64_t end = module.Bulk(home).end().value();
  reloc_internal::StoreField<NativeElf>(
      bytes.data() + bytes.size() - static_cast<uint64_t>(kField), kField,
      placed.At(id).value() - end);
}

}  // namespace

absl::Status ApplyFixups(PlacedGraph& placed, const BindingContext& context) {
  if (placed.graph().arenas.empty()) return absl::OkStatus();
  FixupApplier applier(placed, context);
  for (SectionId id : placed.graph().order) {
    if (placed.section(id).leads && placed.layout().IsPlaced(id)) {
      LeadToCopy(placed, id);
    }
  }
  for (SectionId id : placed.graph().order) {
    const ModuleId module_id = placed.section(id).module_id;
    if (!placed.layout().IsPlaced(id) &&
        !placed.layout().modules[module_id].writes_code) {
      continue;
    }
    RETURN_IF_ERROR(applier.Apply(id));
  }
  return absl::OkStatus();
}

}  // namespace relink
