// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/split_section.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <utility>
#include <variant>

#include "relink/arch/relocation_rule.h"

namespace relink {
namespace {

constexpr uint64_t kCacheLine = 64;

// How much memory a fixup writes.
uint64_t WidthOf(const Fixup& fixup) {
  const auto width = static_cast<uint64_t>(fixup.rule->field);
  return fixup.rule->formula == Formula::kTlsDescriptor ? 2 * width : width;
}

uint64_t AlignmentOf(const Section& parent, LinkAddr begin) {
  const auto zeros = static_cast<unsigned>(std::countr_zero(begin.value()));
  const uint64_t own = uint64_t{1} << std::min(zeros, 6u);
  return std::min({own, parent.alignment, kCacheLine});
}

class Splitter {
 public:
  explicit Splitter(LinkGraph& graph) : graph_(graph) {}

  std::vector<SectionId> Split(std::vector<SectionCut> cuts) {
    children_of_.resize(graph_.sections.size());
    size_t count = 0;
    for (const SectionCut& cut : cuts) count += cut.parts.size();
    children_.reserve(count);
    graph_.sections.Reserve(graph_.sections.size() + count);
    for (SectionCut& cut : cuts) {
      AddChildren(cut);
      cut.parts = LargeVector<SectionPart>();  // As much memory as half of the
                                               // children.
    }
    MoveSymbols();
    for (const SectionId child_id : children_) GiveSymbol(child_id);
    Retarget();
    for (const SectionCut& cut : cuts) MoveFixups(cut.section_id);
    Reorder();
    MoveProfile();
    return std::move(children_);
  }

 private:
  // The children of a section, which are numbered in a row.
  struct Children {
    uint32_t first = 0;
    std::vector<uint64_t> begins;  // Ascending, from the parent's beginning.

    bool empty() const { return begins.empty(); }
    SectionId At(size_t i) const {
      return SectionId(first + static_cast<uint32_t>(i));
    }
    // The one that has `offset`, or that is nearest; a guess may be right.
    size_t Find(uint64_t offset, size_t guess = 0) const {
      for (size_t i = guess; i < begins.size() && i < guess + 2; ++i) {
        const bool last = i + 1 == begins.size();
        if (begins[i] <= offset && (last || offset < begins[i + 1])) return i;
      }
      const auto after =
          std::upper_bound(begins.begin() + 1, begins.end(), offset);
      return static_cast<size_t>(after - begins.begin()) - 1;
    }
  };

  void AddChildren(const SectionCut& cut) {
    if (cut.parts.empty()) return;
    Children& children = children_of_[cut.section_id.index()];
    children.first = static_cast<uint32_t>(graph_.sections.size());
    children.begins.reserve(cut.parts.size());
    for (const SectionPart& part : cut.parts) {
      const Section& parent = graph_.sections[cut.section_id];
      const auto offset =
          static_cast<uint64_t>(part.home.begin - parent.home.begin);
      children.begins.push_back(offset);
      Section child;
      child.module_id = parent.module_id;
      child.name = part.name;
      child.kind = part.kind;
      child.memory_class = parent.memory_class;
      child.size = part.size;
      child.alignment = AlignmentOf(parent, part.home.begin);
      child.contents = SectionContents(Contents(parent, offset, part.size));
      child.home = part.home;
      child.fde = part.fde;
      child.parent_id = cut.section_id;
      child.pinned = part.pinned;
      child.pinned_at = part.pinned_at;
      child.address_kept = part.address_kept;
      child.reached = part.reached;
      child.can_lead = part.can_lead;
      child.jumps_back = part.jumps_back;
      children_.push_back(graph_.sections.Add(std::move(child)));
    }
    graph_.sections[cut.section_id].split = true;
  }

  // As far as the parent has any.
  static std::span<const std::byte> Contents(const Section& parent,
                                             uint64_t offset, uint64_t size) {
    const std::span<const std::byte> bytes = parent.contents.bytes();
    if (offset >= bytes.size()) return {};
    return bytes.subspan(offset,
                         std::min<uint64_t>(size, bytes.size() - offset));
  }

  const Children* ChildrenOf(SectionId id) const {
    if (id.index() >= children_of_.size()) return nullptr;
    const Children& children = children_of_[id.index()];
    return children.empty() ? nullptr : &children;
  }

  void MoveSymbols() {
    size_t last_child = 0;  // Tables of symbols ascend for long.
    for (uint32_t i = 0; i < graph_.symbols.size(); ++i) {
      Symbol& symbol = graph_.symbols[SymbolId(i)];
      auto* place = std::get_if<InSection>(&symbol.definition);
      if (place == nullptr) continue;
      const Children* children = ChildrenOf(place->section_id);
      if (children == nullptr) continue;
      const size_t child = children->Find(place->offset, last_child);
      last_child = child;
      *place = {children->At(child), place->offset - children->begins[child]};
      SymbolId& own = graph_.sections[place->section_id].symbol_id;
      if (place->offset == 0 && symbol.name.empty() && !own.has_value()) {
        own = SymbolId(i);
      }
    }
  }

  void GiveSymbol(SectionId id) {
    Section& child = graph_.sections[id];
    if (child.symbol_id.has_value()) return;
    Symbol symbol;
    symbol.module_id = child.module_id;
    symbol.definition = InSection{id, 0};
    child.symbol_id = graph_.symbols.Add(symbol);
  }

  // The section whose own symbol that was, if it was cut.
  SectionId ParentOf(SymbolId id) const {
    const auto* place = std::get_if<InSection>(&graph_.symbols[id].definition);
    if (place == nullptr || place->offset != 0) return {};
    const SectionId parent_id = graph_.sections[place->section_id].parent_id;
    if (!parent_id.has_value() || ChildrenOf(parent_id) == nullptr) return {};
    return graph_.sections[parent_id].symbol_id == id ? parent_id : SectionId();
  }

  void Retarget() {
    std::vector<SectionId> parents(graph_.symbols.size());
    for (uint32_t i = 0; i < graph_.symbols.size(); ++i) {
      parents[i] = ParentOf(SymbolId(i));
    }
    for (Section& section : graph_.sections) {
      for (Fixup& fixup : section.fixups) {
        if (fixup.target.index() >= parents.size()) continue;
        const SectionId parent_id = parents[fixup.target.index()];
        if (!parent_id.has_value()) continue;
        const LinkAddr home = graph_.sections[parent_id].home.begin;
        const int64_t offset = HomeTarget(graph_, section, fixup) - home;
        const Children& children = *ChildrenOf(parent_id);
        const size_t child =
            children.Find(static_cast<uint64_t>(std::max<int64_t>(offset, 0)));
        fixup.target = graph_.sections[children.At(child)].symbol_id;
        fixup.addend -= static_cast<int64_t>(children.begins[child]);
      }
    }
  }

  void MoveFixups(SectionId parent_id) {
    const Children* children = ChildrenOf(parent_id);
    if (children == nullptr) return;
    std::vector<Fixup> fixups = std::move(graph_.sections[parent_id].fixups);
    graph_.sections[parent_id].fixups = {};
    auto next = fixups.begin();
    for (size_t i = 0; i < children->begins.size(); ++i) {
      const uint64_t begin = children->begins[i];
      auto end = fixups.end();
      if (i + 1 < children->begins.size()) {
        const uint64_t limit = children->begins[i + 1];
        end = std::find_if(next, fixups.end(), [&](const Fixup& fixup) {
          return fixup.offset >= limit;
        });
      }
      Section& child = graph_.sections[children->At(i)];
      child.fixups.assign(next, end);
      for (Fixup& fixup : child.fixups) {
        fixup.offset =
            (fixup.offset - static_cast<uint32_t>(begin)) & 0x3fffffff;
      }
      next = end;
    }
  }

  void Reorder() {
    std::vector<SectionId> order;
    order.reserve(graph_.order.size() + children_.size());
    for (const SectionId id : graph_.order) {
      const Children* children = ChildrenOf(id);
      if (children == nullptr) {
        order.push_back(id);
        continue;
      }
      for (size_t i = 0; i < children->begins.size(); ++i) {
        order.push_back(children->At(i));
      }
    }
    graph_.order = std::move(order);
  }

  void MoveProfile() {
    for (CallEdge& call : graph_.calls) {
      for (SectionId* id : {&call.caller_id, &call.callee_id}) {
        const Children* children = ChildrenOf(*id);
        if (children != nullptr) *id = children->At(0);
      }
    }
    for (Sample& sample : graph_.samples) {
      const Children* children = ChildrenOf(sample.section_id);
      if (children == nullptr) continue;
      const size_t child = children->Find(sample.offset);
      sample.section_id = children->At(child);
      sample.offset -= children->begins[child];
    }
    std::sort(graph_.samples.begin(), graph_.samples.end());
  }

  LinkGraph& graph_;
  std::vector<Children> children_of_;  // By section, as far as there were any.
  std::vector<SectionId> children_;
};

}  // namespace

LinkAddr HomeTarget(const LinkGraph& graph, const Section& section,
                    const Fixup& fixup) {
  if (!fixup.target.has_value()) return {};
  const auto* place =
      std::get_if<InSection>(&graph.symbols[fixup.target].definition);
  if (place == nullptr) return {};
  const LinkAddr address = graph.sections[place->section_id].home.begin +
                           place->offset + static_cast<uint64_t>(fixup.addend);
  // All entries count from the beginning of their table.
  if (section.kind == SectionKind::kJumpTable) return address - fixup.offset;
  const bool counts_from_end = fixup.rule->formula == Formula::kPcRelative &&
                               section.memory_class == MemoryClass::kCode;
  return counts_from_end ? address + WidthOf(fixup) : address;
}

bool IsPartOfFunction(const LinkGraph& graph, const Section& section) {
  return section.parent_id.has_value() &&
         graph.sections[section.parent_id].kind == SectionKind::kFunction;
}

std::vector<SectionId> SplitSections(LinkGraph& graph,
                                     std::vector<SectionCut> cuts) {
  return Splitter(graph).Split(std::move(cuts));
}

}  // namespace relink
