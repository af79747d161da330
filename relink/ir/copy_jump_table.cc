// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/copy_jump_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relink/arch/relocation_rule.h"
#include "relink/support/byte_order.h"

namespace relink {
namespace {

using Word = Le<int32_t>;

// The section of the file that has the table.
SectionId FindParent(const LinkGraph& graph, const Module& module,
                     LinkRange table) {
  for (const SectionId id : module.sections) {
    const Section& section = graph.sections[id];
    const LinkRange bytes{section.home.begin, section.contents.size()};
    if (bytes.Contains(table)) return id;
  }
  return {};
}

Fixup* FindFixup(Section& section, LinkAddr place) {
  const auto offset = static_cast<uint64_t>(place - section.home.begin);
  const auto found = std::lower_bound(
      section.fixups.begin(), section.fixups.end(), offset,
      [](const Fixup& fixup, uint64_t at) { return fixup.offset < at; });
  if (found == section.fixups.end() || found->offset != offset) return nullptr;
  return &*found;
}

// An entry is the distance from the beginning of the table, a fixup counts from
// its own place. Empty if one leads out of the function.
std::vector<Fixup> EntryFixups(std::span<const std::byte> bytes, LinkAddr table,
                               const Section& owner,
                               const RelocationRule* rule) {
  std::vector<Fixup> fixups;
  fixups.reserve(bytes.size() / sizeof(Word));
  for (size_t at = 0; at + sizeof(Word) <= bytes.size(); at += sizeof(Word)) {
    const auto& word = *reinterpret_cast<const Word*>(bytes.data() + at);
    const LinkAddr target =
        table + static_cast<uint64_t>(int64_t{int32_t{word}});
    if (!owner.home.Contains(target)) return {};
    Fixup fixup;
    fixup.offset = static_cast<uint32_t>(at) & 0x3fffffff;
    fixup.origin = FixupOrigin::kMade;
    fixup.target = owner.symbol_id;
    fixup.rule = rule;
    fixup.addend = (target - owner.home.begin) + static_cast<int64_t>(at);
    fixups.push_back(fixup);
  }
  return fixups;
}

}  // namespace

SectionId CopyJumpTable(LinkGraph& graph, const JumpTable& table,
                        SectionId owner_id) {
  Section& owner = graph.sections[owner_id];
  const Module& module = graph.modules[owner.module_id];
  const SectionId parent_id = FindParent(graph, module, table.range);
  Fixup* reference = FindFixup(owner, table.reference);
  if (!parent_id.has_value() || reference == nullptr) return {};
  const Section& parent = graph.sections[parent_id];
  if (reference->target != parent.symbol_id) return {};
  const auto offset =
      static_cast<uint64_t>(table.range.begin - parent.home.begin);
  const auto bytes = parent.contents.bytes().subspan(offset, table.range.size);
  std::vector<Fixup> fixups =
      EntryFixups(bytes, table.range.begin, owner,
                  module.target->FindRule(Formula::kPcRelative, Field::k32));
  if (fixups.empty()) return {};

  const SectionId id(static_cast<uint32_t>(graph.sections.size()));
  Symbol symbol;
  symbol.module_id = owner.module_id;
  symbol.definition = InSection{id, 0};
  Section section;
  section.module_id = owner.module_id;
  section.name =
      graph.KeepName(absl::StrCat(parent.name, "+0x", absl::Hex(offset)));
  section.kind = SectionKind::kJumpTable;
  section.memory_class = MemoryClass::kReadOnly;
  section.size = table.range.size;
  section.alignment = sizeof(Word);
  section.contents = SectionContents(bytes);
  section.fixups = std::move(fixups);
  section.symbol_id = graph.symbols.Add(std::move(symbol));
  section.home = table.range;
  section.parent_id = parent_id;
  section.owner_id = owner_id;
  reference->target = section.symbol_id;
  reference->addend -= static_cast<int64_t>(offset);
  graph.sections.Add(std::move(section));
  graph.order.push_back(id);
  return id;
}

}  // namespace relink
