// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/retained_distances.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <variant>

#include "relink/arch/relocation_rule.h"
#include "relink/ir/fixup.h"
#include "relink/ir/section.h"
#include "relink/ir/symbol.h"

namespace relink {
namespace {

constexpr uint64_t kEntrySize = 4;

// The fixups of one section.
class Resolver {
 public:
  Resolver(LinkGraph& graph, Section& section, std::span<const LinkAddr> taken,
           CodeMap& code, ReferenceTargets& references)
      : graph_(graph),
        section_(section),
        taken_(taken),
        code_(code),
        references_(references) {}

  bool Resolve() {
    bool certain = true;
    std::span<Fixup> rest = section_.fixups;
    while (!rest.empty()) {
      if (!IsRetained(rest.front())) {
        rest = rest.subspan(1);
        continue;
      }
      const size_t count = CountTable(rest);
      if (count == 0) {
        certain &= ReferFromPlace(rest.front());
        rest = rest.subspan(1);
        continue;
      }
      const LinkAddr table = PlaceOf(rest.front());
      for (Fixup& fixup : rest.first(count)) ReferFrom(table, fixup);
      rest = rest.subspan(count);
    }
    return certain;
  }

 private:
  static bool IsRetained(const Fixup& fixup) {
    return fixup.origin == FixupOrigin::kRetained &&
           fixup.rule->formula == Formula::kPcRelative;
  }
  LinkAddr PlaceOf(const Fixup& fixup) const {
    return section_.home.begin + fixup.offset;
  }
  // Where it leads if it counts from its place; as long as it has its first
  // target.
  LinkAddr TargetOf(const Fixup& fixup) const {
    const auto& place =
        std::get<InSection>(graph_.symbols[fixup.target].definition);
    return graph_.sections[place.section_id].home.begin + place.offset +
           static_cast<uint64_t>(fixup.addend);
  }
  // Where it leads if it counts from `base`.
  LinkAddr TargetFrom(LinkAddr base, const Fixup& fixup) const {
    return base + static_cast<uint64_t>(TargetOf(fixup) - PlaceOf(fixup));
  }

  bool IsTaken(LinkAddr address) const {
    return std::binary_search(taken_.begin(), taken_.end(), address);
  }

  // How many entries a table has that begins with the first of `fixups`; 0 if
  // none does. Entries go on as long as there are some, and as no other table
  // begins.
  size_t CountTable(std::span<const Fixup> fixups) const {
    const LinkAddr table = PlaceOf(fixups.front());
    if (!IsTaken(table)) return 0;
    size_t count = 0;
    for (const Fixup& fixup : fixups) {
      const LinkAddr place = table + count * kEntrySize;
      if (!IsRetained(fixup) || fixup.rule->field != Field::k32 ||
          PlaceOf(fixup) != place || (count != 0 && IsTaken(place))) {
        break;
      }
      if (!IsInstruction(TargetFrom(table, fixup))) return 0;
      ++count;
    }
    return count;
  }

  bool IsInstruction(LinkAddr address) const {
    const CodeSection* section = code_.Find(address);
    return section != nullptr &&
           section->starts.Has(section->OffsetOf(address));
  }

  void ReferFrom(LinkAddr base, Fixup& fixup) {
    const LinkAddr target = TargetFrom(base, fixup);
    CodeSection* section = code_.Find(target);
    section->entries.Set(section->OffsetOf(target));
    const auto found = references_.FindInCode(*section, target);
    // S + A - P is what is stored, whatever it counts from.
    fixup.addend = TargetOf(fixup) - found.begin;
    fixup.target = found.symbol;
  }

  // Whether that is certain.
  bool ReferFromPlace(Fixup& fixup) {
    const LinkAddr target = TargetOf(fixup);
    CodeSection* section = code_.Find(target);
    if (section == nullptr) return true;
    const uint32_t offset = section->OffsetOf(target);
    section->entries.Set(offset);
    const auto found = references_.FindInCode(*section, target);
    fixup.addend = target - found.begin;
    fixup.target = found.symbol;
    const CodeUnit& unit = section->units()[section->UnitAt(offset)];
    return unit.function != CodeUnit::kNoFunction && unit.begin == offset;
  }

  LinkGraph& graph_;
  Section& section_;
  std::span<const LinkAddr> taken_;
  CodeMap& code_;
  ReferenceTargets& references_;
};

}  // namespace

bool ResolveRetainedDistances(LinkGraph& graph, const SectionIndex& sections,
                              std::vector<LinkAddr> taken, CodeMap& code,
                              ReferenceTargets& references) {
  std::sort(taken.begin(), taken.end());
  bool certain = true;
  for (uint32_t number = 0; number < sections.count(); ++number) {
    Section& section = graph.sections[sections.id(number)];
    if (section.memory_class == MemoryClass::kCode) continue;
    certain &= Resolver(graph, section, taken, code, references).Resolve();
  }
  return certain;
}

}  // namespace relink
