// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/function_parts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/arch/padding.h"
#include "relink/elf/constants.h"
#include "relink/support/large_vector.h"

namespace relink {
namespace {

constexpr char kNamedByNothing[] = "no symbol and no unwind record names it";
constexpr char kNotOpened[] = "was not opened";

// A symbol in code, by section and offset: one number, as they are many to
// sort.
struct Label {
  uint64_t key;
  // Nothing needs it, so that where a function ends it may stay at its end
  // rather than in front of what follows.
  bool may_end;

  static uint64_t Key(SectionId section_id, uint64_t offset) {
    return uint64_t{section_id.index()} << 32 | offset;
  }
  uint32_t offset() const { return static_cast<uint32_t>(key); }
};

// One section of code.
class Cutter {
 public:
  // `labels` are those in the section.
  Cutter(LinkGraph& graph, SectionId id, std::span<const Label> labels)
      : graph_(graph),
        section_(graph.sections[id]),
        target_(*graph.modules[section_.module_id].target),
        labels_(labels) {
    cut_.section_id = id;
  }

  SectionCut Cut(std::span<const Function> functions) {
    uint64_t done = 0;
    cut_.parts.reserve(functions.size() + 2);
    for (const Function& function : functions) {
      const auto begin =
          static_cast<uint64_t>(function.range.begin - section_.home.begin);
      AddGap(done, begin);
      SectionPart part;
      part.home = function.range;
      part.size = function.range.size;
      part.name = function.name.empty() ? NameOf(begin) : function.name;
      part.fde = function.fde;
      part.pinned = function.pinned;
      part.pinned_at = function.pinned_at;
      part.address_kept = function.address_kept;
      part.reached = function.reached;
      part.can_lead = function.can_lead;
      part.jumps_back = function.jumps_back;
      cut_.parts.push_back(part);
      done = begin + function.range.size;
    }
    AddGap(done, section_.size);
    return std::move(cut_);
  }

 private:
  absl::string_view NameOf(uint64_t offset) {
    return graph_.KeepName(
        absl::StrCat(section_.name, "+0x", absl::Hex(offset)));
  }

  void AddGap(uint64_t from, uint64_t to) {
    if (from == to) return;
    if (!cut_.parts.empty() && IsPadding(from, to)) {
      cut_.parts.back().home.size += to - from;
      return;
    }
    SectionPart part;
    part.home = {section_.home.begin + from, to - from};
    part.size = to - from;
    part.kind = SectionKind::kRemainder;
    part.name = NameOf(from);
    part.pinned = graph_.modules[section_.module_id].some_functions
                      ? kNotOpened
                      : kNamedByNothing;
    part.pinned_at = part.home.begin;
    cut_.parts.push_back(part);
  }

  // Nothing refers to it, and nothing is written there.
  bool IsPadding(uint64_t begin, uint64_t end) const {
    auto label = std::lower_bound(
        labels_.begin(), labels_.end(), begin,
        [](const Label& l, uint64_t offset) { return l.offset() < offset; });
    for (; label != labels_.end() && label->offset() < end; ++label) {
      if (!label->may_end || label->offset() != begin) return false;
    }
    const auto fixup = std::lower_bound(
        section_.fixups.begin(), section_.fixups.end(), begin,
        [](const Fixup& f, uint64_t offset) { return f.offset < offset; });
    if (fixup != section_.fixups.end() && fixup->offset < end) return false;
    const auto bytes = section_.contents.bytes();
    if (end > bytes.size()) return false;
    return PaddingOf(target_, bytes.subspan(begin, end - begin)) !=
           Padding::kNone;
  }

  LinkGraph& graph_;
  const Section& section_;
  const Target& target_;
  std::span<const Label> labels_;
  SectionCut cut_;
};

// Those that may lie between functions.
LargeVector<Label> LabelsOf(const LinkGraph& graph, ModuleId id) {
  LargeVector<Label> labels;
  labels.reserve(graph.symbols.size());
  for (const Symbol& symbol : graph.symbols) {
    const auto* place = std::get_if<InSection>(&symbol.definition);
    const bool has_code = symbol.type == elf::kSttFunc && symbol.size != 0;
    if (place == nullptr || symbol.module_id != id || has_code) continue;
    const Section& section = graph.sections[place->section_id];
    if (section.memory_class != MemoryClass::kCode) continue;
    labels.push_back({Label::Key(place->section_id, place->offset),
                      !symbol.name.empty() && !symbol.exported});
  }
  std::ranges::sort(labels, {}, &Label::key);
  return labels;
}

}  // namespace

std::vector<SectionCut> CutIntoFunctions(LinkGraph& graph, ModuleId id) {
  const Module& module = graph.modules[id];
  const LargeVector<Label> labels = LabelsOf(graph, id);
  std::vector<SectionCut> cuts;
  std::span<const Function> functions = module.functions;
  for (const SectionId section_id : module.sections) {
    const Section& section = graph.sections[section_id];
    if (section.memory_class != MemoryClass::kCode || section.split) continue;
    const auto behind = std::find_if(
        functions.begin(), functions.end(), [&](const Function& function) {
          return !section.home.Contains(function.range.begin);
        });
    const auto count = static_cast<size_t>(behind - functions.begin());
    if (count == 0) continue;
    const auto begin = std::ranges::lower_bound(
        labels, Label::Key(section_id, 0), {}, &Label::key);
    const auto end = std::ranges::upper_bound(
        labels, Label::Key(section_id, UINT32_MAX), {}, &Label::key);
    cuts.push_back(Cutter(graph, section_id, std::span(begin, end))
                       .Cut(functions.first(count)));
    functions = functions.subspan(count);
  }
  return cuts;
}

}  // namespace relink
