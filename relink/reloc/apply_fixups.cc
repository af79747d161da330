// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/apply_fixups.h"

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relink/layout/place_sections.h"
#include "relink/reloc/apply.h"
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
    for (SectionId id : graph.order)
      starts_[id.index()] = placed.At(id).value();
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
    ASSIGN_OR_RETURN(uint64_t value, TakesAddress(id, fixup)
                                         ? HomeOf(fixup.target)
                                         : AddressOf(fixup.target));
    value += static_cast<uint64_t>(fixup.addend);
    if (rule.formula == Formula::kPcRelative) {
      value -= starts_[id.index()] + fixup.offset;
    } else if (rule.formula != Formula::kSymbol) {
      return absl::UnimplementedError("is only for dynamic relocations");
    }
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

  // Whether code takes the address of a function whose address is its
  // original's. What goes along with a function refers to the copy.
  bool TakesAddress(SectionId id, const Fixup& fixup) const {
    const auto* target = std::get_if<InSection>(
        &placed_.graph().symbols[fixup.target].definition);
    return target != nullptr && target->section_id != id &&
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
