// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/unwind_records.h"

#include <algorithm>

namespace relink {
namespace {

// The module's section that has `range`; none if none has.
SectionId SectionWith(const LinkGraph& graph, const Module& module,
                      LinkRange range) {
  for (const SectionId id : module.sections) {
    const Section& section = graph.sections[id];
    if (section.live() && section.memory_class != MemoryClass::kTls &&
        section.home.Contains(range)) {
      return id;
    }
  }
  return SectionId();
}

}  // namespace

UnwindRecords::UnwindRecords(const LinkGraph& graph)
    : graph_(graph),
      tables_(graph.modules.size()),
      records_(graph.sections.size()) {
  for (const Section& section : graph.sections) {
    if (section.fde.size == 0 || !section.live()) continue;
    SectionId& table = tables_[section.module_id.index()];
    if (!table.has_value()) {
      table = SectionWith(graph, graph.modules[section.module_id], section.fde);
    }
    if (!table.has_value()) continue;
    const Section& in = graph.sections[table];
    if (!in.home.Contains(section.fde)) continue;
    records_[table.index()].push_back(
        {table, static_cast<uint64_t>(section.fde.begin - in.home.begin),
         section.fde.size});
  }
  for (std::vector<UnwindRecord>& records : records_) {
    std::ranges::sort(records, {}, &UnwindRecord::offset);
  }
}

UnwindRecord UnwindRecords::Of(SectionId function_id) const {
  const Section& section = graph_.sections[function_id];
  const SectionId table = tables_[section.module_id.index()];
  if (section.fde.size == 0 || !table.has_value() ||
      !graph_.sections[table].home.Contains(section.fde)) {
    return {};
  }
  return {table,
          static_cast<uint64_t>(section.fde.begin -
                                graph_.sections[table].home.begin),
          section.fde.size};
}

std::span<const Fixup> UnwindRecords::FixupsOf(
    const UnwindRecord& record) const {
  if (!record.section_id.has_value()) return {};
  const std::vector<Fixup>& fixups = graph_.sections[record.section_id].fixups;
  const auto offset = [](const Fixup& fixup) { return uint64_t{fixup.offset}; };
  const auto begin =
      std::ranges::lower_bound(fixups, record.offset, {}, offset);
  const auto end =
      std::ranges::lower_bound(fixups, record.offset + record.size, {}, offset);
  return {begin, end};
}

bool UnwindRecords::IsOfFunction(SectionId section_id, uint64_t offset) const {
  const std::vector<UnwindRecord>& records = records_[section_id.index()];
  const auto next =
      std::ranges::upper_bound(records, offset, {}, &UnwindRecord::offset);
  if (next == records.begin()) return false;
  const UnwindRecord& record = *std::prev(next);
  return offset - record.offset < record.size;
}

}  // namespace relink
