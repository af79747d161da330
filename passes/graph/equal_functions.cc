// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/equal_functions.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "passes/analysis/branch_targets.h"
#include "passes/analysis/unwind_records.h"
#include "passes/graph/jump_tables.h"
#include "relink/arch/relocation_rule.h"

namespace relink {
namespace {

constexpr int kMaxRounds = 64;
constexpr uint32_t kNone = UINT32_MAX;

// What a fixup says, apart from its place.
struct Meaning {
  const RelocationRule* rule;
  int64_t addend;   // From what `target` is.
  uint32_t target;  // A group, a section or a symbol,
  uint8_t kind;     // which of them.

  friend bool operator==(const Meaning&, const Meaning&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Meaning& m) {
    return H::combine(std::move(h), m.rule, m.addend, m.target, m.kind);
  }
};

class Refiner {
 public:
  Refiner(const LinkGraph& graph, bool addresses_matter)
      : graph_(graph),
        addresses_matter_(addresses_matter),
        unwind_(graph),
        group_of_(graph.sections.size(), kNone) {
    const JumpTablesByOwner tables(graph);
    for (uint32_t i = 0; i < graph.sections.size(); ++i) {
      const SectionId id(i);
      if (IsCandidate(id) && tables.Of(id).empty()) functions_.push_back(id);
    }
  }

  // False if it takes too long.
  bool Refine() {
    for (const SectionId id : functions_) group_of_[id.index()] = 0;
    size_t groups = functions_.empty() ? 0 : 1;
    for (int round = 0; round < kMaxRounds; ++round) {
      const size_t finer = Regroup();
      if (finer == groups) return true;
      groups = finer;
    }
    return false;
  }

  std::vector<std::vector<SectionId>> Groups() const {
    std::vector<std::vector<SectionId>> groups(functions_.size());
    for (const SectionId id : functions_) {
      std::vector<SectionId>& group = groups[group_of_[id.index()]];
      // Equal hashes alone prove nothing.
      if (group.empty() || Equal(group.front(), id)) group.push_back(id);
    }
    std::erase_if(groups, [](const auto& group) { return group.size() < 2; });
    return groups;
  }

 private:
  bool IsCandidate(SectionId id) const {
    const Section& section = graph_.sections[id];
    const Module& module = graph_.modules[section.module_id];
    return section.live() && section.kind == SectionKind::kFunction &&
           section.pinned.empty() && section.size > 0 &&
           section.contents.size() == section.size &&
           module.capability >= Capability::kReorderable &&
           unwind_.FixupsOf(unwind_.Of(id)).size() <= 1;
  }

  // Gives each function a new group, by its old one and those that it refers
  // to; groups are numbered as they are met. Returns how many there are.
  size_t Regroup() {
    absl::flat_hash_map<std::pair<uint32_t, size_t>, uint32_t> numbers;
    std::vector<uint32_t> regrouped;
    regrouped.reserve(functions_.size());
    for (const SectionId id : functions_) {
      const std::pair key(group_of_[id.index()], Hash(id));
      const auto next = static_cast<uint32_t>(numbers.size());
      regrouped.push_back(numbers.try_emplace(key, next).first->second);
    }
    for (size_t i = 0; i < functions_.size(); ++i) {
      group_of_[functions_[i].index()] = regrouped[i];
    }
    return numbers.size();
  }

  Meaning MeaningOf(const Fixup& fixup) const {
    const auto* place =
        fixup.target.has_value()
            ? std::get_if<InSection>(&graph_.symbols[fixup.target].definition)
            : nullptr;
    if (place == nullptr) {
      return {fixup.rule, fixup.addend, fixup.target.index(), 0};
    }
    const int64_t addend = fixup.addend + static_cast<int64_t>(place->offset);
    const uint32_t group = group_of_[place->section_id.index()];
    const bool any_of_group = !addresses_matter_ || IsBranch(fixup);
    if (group != kNone && any_of_group) return {fixup.rule, addend, group, 1};
    return {fixup.rule, addend, place->section_id.index(), 2};
  }

  // Calls `visit` with the bytes between the fields of fixups.
  template <typename Visit>
  static bool ForEachGap(const Section& section, Visit visit) {
    uint64_t begin = 0;
    for (const Fixup& fixup : section.fixups) {
      if (!visit(begin, std::max<uint64_t>(begin, fixup.offset))) return false;
      begin = fixup.offset + static_cast<uint64_t>(fixup.rule->field);
    }
    return visit(begin, std::max(begin, section.size));
  }

  // What an unwind record says of a function but where it is: all behind its
  // beginning, and where its common part is.
  std::pair<std::span<const std::byte>, uint64_t> UnwindOf(SectionId id) const {
    constexpr uint64_t kBegin = 8;  // Behind its length and the common part's.
    constexpr uint64_t kRange = 12;
    const UnwindRecord record = unwind_.Of(id);
    if (!record.section_id.has_value()) return {};
    const std::span<const std::byte> bytes =
        graph_.sections[record.section_id].contents.bytes();
    if (record.size < kRange || record.offset > bytes.size() ||
        record.size > bytes.size() - record.offset) {
      return {{}, id.index()};
    }
    // The distance back to the common part from the field that has it.
    uint32_t distance = 0;
    for (uint64_t i = kBegin; i > kBegin - 4; --i) {
      distance = distance << 8 |
                 std::to_integer<uint32_t>(bytes[record.offset + i - 1]);
    }
    return {bytes.subspan(record.offset + kRange, record.size - kRange),
            record.offset + 4 - distance};
  }

  size_t Hash(SectionId id) const {
    const Section& section = graph_.sections[id];
    const std::span<const std::byte> bytes = section.contents.bytes();
    const auto text = [](std::span<const std::byte> part) {
      return absl::string_view(reinterpret_cast<const char*>(part.data()),
                               part.size());
    };
    size_t hash = absl::HashOf(section.module_id.index(), section.size,
                               section.fixups.size());
    ForEachGap(section, [&](uint64_t begin, uint64_t end) {
      hash = absl::HashOf(hash, text(bytes.subspan(begin, end - begin)));
      return true;
    });
    for (const Fixup& fixup : section.fixups) {
      hash = absl::HashOf(hash, uint32_t{fixup.offset}, MeaningOf(fixup));
    }
    const auto [unwind, common] = UnwindOf(id);
    return absl::HashOf(hash, text(unwind), common);
  }

  bool Equal(SectionId a_id, SectionId b_id) const {
    const Section& a = graph_.sections[a_id];
    const Section& b = graph_.sections[b_id];
    if (a.module_id != b.module_id || a.size != b.size) return false;
    const bool same_fixups = std::ranges::equal(
        a.fixups, b.fixups, [&](const Fixup& x, const Fixup& y) {
          return x.offset == y.offset && MeaningOf(x) == MeaningOf(y);
        });
    if (!same_fixups) return false;
    const auto [a_unwind, a_common] = UnwindOf(a_id);
    const auto [b_unwind, b_common] = UnwindOf(b_id);
    if (a_common != b_common || !std::ranges::equal(a_unwind, b_unwind)) {
      return false;
    }
    return ForEachGap(a, [&](uint64_t begin, uint64_t end) {
      return std::ranges::equal(a.contents.bytes().subspan(begin, end - begin),
                                b.contents.bytes().subspan(begin, end - begin));
    });
  }

  const LinkGraph& graph_;
  const bool addresses_matter_;
  const UnwindRecords unwind_;
  std::vector<SectionId> functions_;
  std::vector<uint32_t> group_of_;  // By section; kNone if it has none.
};

}  // namespace

std::vector<std::vector<SectionId>> FindEqualFunctions(const LinkGraph& graph,
                                                       bool addresses_matter) {
  Refiner refiner(graph, addresses_matter);
  if (!refiner.Refine()) return {};
  return refiner.Groups();
}

}  // namespace relink
