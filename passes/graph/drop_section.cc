// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/drop_section.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "passes/analysis/unwind_records.h"
#include "relink/arch/relocation_rule.h"

namespace relink {
namespace {

// Where the record's two fields begin that say which code it is of: both have
// the width of the fixup of the first (Linux Standard Base, "The Call Frame
// Information Records").
struct CodeRange {
  uint64_t begin;
  uint64_t width;
};

// The record's range becomes empty, at the beginning of the table: whatever is
// looked up is not in it.
void EmptyRecord(const UnwindRecord& record, std::span<const Fixup> fixups,
                 Section& table, SymbolId table_symbol) {
  if (fixups.empty()) return;
  const CodeRange code = {fixups.front().offset,
                          static_cast<uint64_t>(fixups.front().rule->field)};
  const uint64_t end = code.begin + 2 * code.width;
  if (end <= record.offset + record.size && end <= table.contents.size()) {
    std::vector<std::byte>& bytes = table.contents.Mutable();
    const auto field =
        bytes.begin() + static_cast<std::ptrdiff_t>(code.begin + code.width);
    std::fill_n(field, code.width, std::byte{0});
  }
  const auto first = static_cast<size_t>(fixups.data() - table.fixups.data());
  for (size_t i = first; i < first + fixups.size(); ++i) {
    table.fixups[i].target = table_symbol;
    table.fixups[i].addend = 0;
  }
}

}  // namespace

void DropSections(const std::vector<SectionId>& sections, LinkGraph& graph) {
  const UnwindRecords unwind(graph);
  for (const SectionId id : sections) {
    const UnwindRecord record = unwind.Of(id);
    if (!record.section_id.has_value()) continue;
    Section& table = graph.sections[record.section_id];
    EmptyRecord(record, unwind.FixupsOf(record), table, table.symbol_id);
  }
  for (const SectionId id : sections) {
    graph.sections[id].dead = true;
    graph.sections[id].arena_id = ArenaId();
  }
  const auto is_dead = [&](SectionId id) { return graph.sections[id].dead; };
  std::erase_if(graph.order, is_dead);
  std::erase_if(graph.calls, [&](const CallEdge& call) {
    return is_dead(call.caller_id) || is_dead(call.callee_id);
  });
}

}  // namespace relink
