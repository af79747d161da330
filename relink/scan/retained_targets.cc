// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/retained_targets.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>
#include <vector>

#include "relink/arch/relocation_rule.h"
#include "relink/elf/records.h"
#include "relink/ir/fixup.h"
#include "relink/ir/section.h"
#include "relink/ir/split_section.h"
#include "relink/ir/symbol.h"

namespace relink {
namespace {

// The fixups of one section.
template <class E>
class Referrer {
 public:
  Referrer(LinkGraph& graph, const FileParts<E>& parts,
           const SectionIndex& sections, Section& section)
      : graph_(graph),
        symbols_(parts.full_symbols.symbols),
        sections_(sections),
        section_(section),
        known_(section.fixups.size()) {}

  void Read(const elf::Rela<E>& entry) {
    const uint64_t offset =
        uint64_t{entry.r_offset} - section_.home.begin.value();
    const auto fixup = Find(offset);
    if (fixup == section_.fixups.end() || fixup->offset != offset ||
        entry.sym() >= symbols_.size() ||
        fixup->rule->lookup == Lookup::kCall ||
        (fixup->rule->formula != Formula::kPcRelative &&
         fixup->rule->formula != Formula::kRelative)) {
      return;
    }
    const elf::Sym<E>& symbol = symbols_[entry.sym()];
    const uint64_t address = uint64_t{symbol.st_value} +
                             static_cast<uint64_t>(int64_t{entry.r_addend});
    const auto* place =
        std::get_if<InSection>(&graph_.symbols[fixup->target].definition);
    // Otherwise it is the slot or the stub of the symbol that it refers to.
    if (place == nullptr || AddressOf(*place, *fixup) != address) return;
    const uint32_t number = sections_.FindHeader(symbol.st_shndx);
    if (number == SectionIndex::kNone) return;
    known_[static_cast<size_t>(fixup - section_.fixups.begin())] = true;
    const SectionId id = sections_.id(number);
    if (id == place->section_id ||
        graph_.sections[id].memory_class == MemoryClass::kCode) {
      return;
    }
    fixup->target = sections_.symbol(number);
    fixup->addend =
        static_cast<int64_t>(address - graph_.sections[id].home.begin.value());
  }

  bool IsCertain() const {
    if (section_.memory_class != MemoryClass::kCode) return true;
    for (size_t i = 0; i < known_.size(); ++i) {
      if (!known_[i] &&
          HomeTarget(graph_, section_, section_.fixups[i]) == LinkAddr()) {
        return false;
      }
    }
    return true;
  }

 private:
  // The first one from `offset` on. Tables mostly ascend.
  std::vector<Fixup>::iterator Find(uint64_t offset) {
    const auto before = [](const Fixup& f, uint64_t o) { return f.offset < o; };
    if (offset < last_offset_) next_ = 0;
    last_offset_ = offset;
    auto at = section_.fixups.begin() + static_cast<std::ptrdiff_t>(next_);
    constexpr int kNear = 8;
    for (int i = 0; i < kNear; ++i) {
      if (at == section_.fixups.end() || at->offset >= offset) break;
      ++at;
    }
    at = std::lower_bound(at, section_.fixups.end(), offset, before);
    next_ = static_cast<size_t>(at - section_.fixups.begin());
    return at;
  }

  // S + A.
  uint64_t AddressOf(const InSection& place, const Fixup& fixup) const {
    return graph_.sections[place.section_id].home.begin.value() + place.offset +
           static_cast<uint64_t>(fixup.addend);
  }

  LinkGraph& graph_;
  std::span<const elf::Sym<E>> symbols_;
  const SectionIndex& sections_;
  Section& section_;
  size_t next_ = 0;  // The one that was found last.
  uint64_t last_offset_ = 0;
  std::vector<bool> known_;  // By fixup: it is what its relocation says.
};

}  // namespace

template <class E>
bool ReferBySymbols(LinkGraph& graph, const FileParts<E>& parts,
                    const SectionIndex& sections,
                    std::span<const RetainedTable<E>> tables) {
  bool certain = true;
  for (const RetainedTable<E>& table : tables) {
    Referrer<E> referrer(graph, parts, sections,
                         graph.sections[sections.id(table.section)]);
    for (const elf::Rela<E>& entry : table.entries) referrer.Read(entry);
    certain &= referrer.IsCertain();
  }
  return certain;
}

template bool ReferBySymbols(LinkGraph&, const FileParts<elf::Elf64Le>&,
                             const SectionIndex&,
                             std::span<const RetainedTable<elf::Elf64Le>>);

}  // namespace relink
