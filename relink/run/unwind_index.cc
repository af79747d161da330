// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/unwind_index.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include "relink/elf/dwarf_cursor.h"
#include "relink/elf/unwind_records.h"
#include "relink/support/status.h"

namespace relink {
namespace {

// LSB Core, "DWARF Exception Header Encoding".
constexpr uint8_t kPeDatarel = 0x30;

// LSB Core, "The .eh_frame_hdr section": a version, the encodings of the three
// that follow, a pointer to .eh_frame, a count, and pairs of code and record,
// here all as signed distances of 32 bits.
struct Header {
  uint8_t version = 1;
  uint8_t pointer_encoding = elf::kPePcrel | elf::kPeSdata4;
  uint8_t count_encoding = elf::kPeUdata4;
  uint8_t table_encoding = kPeDatarel | elf::kPeSdata4;
  int32_t table = 0;  // From here.
  uint32_t count = 0;
};
struct Entry {
  int32_t code = 0;  // From the header.
  int32_t record = 0;
};
static_assert(sizeof(Header) == 12 && sizeof(Entry) == 8);

// Of the section of kind kUnwind, which AddUnwindTables puts last.
SectionId FindTable(const LinkGraph& graph) {
  for (size_t i = graph.sections.size(); i-- > 0;) {
    const SectionId id(static_cast<uint32_t>(i));
    if (graph.sections[id].kind == SectionKind::kUnwind) return id;
  }
  return {};
}

bool Distance(LinkAddr from, LinkAddr to, int32_t* distance) {
  *distance = static_cast<int32_t>(to - from);
  return *distance == to - from;
}

}  // namespace

std::optional<SectionId> AddUnwindIndex(LinkGraph& graph,
                                        uint64_t other_records) {
  const SectionId table_id = FindTable(graph);
  if (!table_id.has_value()) return std::nullopt;
  const auto functions = std::ranges::count_if(graph.order, [&](SectionId id) {
    const Section& section = graph.sections[id];
    return section.arena_id.has_value() && section.fde.size != 0;
  });
  const auto id = SectionId(static_cast<uint32_t>(graph.sections.size()));
  const Section& table = graph.sections[table_id];
  Symbol symbol;
  symbol.definition = InSection{id, 0};
  symbol.module_id = table.module_id;
  Section section;
  section.module_id = table.module_id;
  section.name = ".eh_frame_hdr";
  section.kind = SectionKind::kMade;
  section.memory_class = MemoryClass::kReadOnly;
  section.size =
      sizeof(Header) +
      (static_cast<uint64_t>(functions) + other_records) * sizeof(Entry);
  section.alignment = alignof(Header);
  section.symbol_id = graph.symbols.Add(symbol);
  section.arena_id = table.arena_id;
  graph.sections.Add(std::move(section));
  graph.order.push_back(id);
  return id;
}

absl::Status FillUnwindIndex(PlacedGraph& placed, SectionId index_id) {
  const SectionId table_id = FindTable(placed.graph());
  const LinkAddr header_at(placed.At(index_id).value());
  const LinkAddr table_at(placed.At(table_id).value());
  elf::UnwindRecords<elf::Elf64Le> records(ByteView(placed.Bytes(table_id)),
                                           table_at);
  const std::span<std::byte> bytes = placed.Bytes(index_id);
  std::vector<Entry> entries;
  Header header;
  bool fits =
      Distance(header_at + offsetof(Header, table), table_at, &header.table);
  for (;;) {
    const auto next = records.Next();
    if (!next.ok()) return ToStatus(next.error(), "unwind table");
    const elf::FrameRecord* frame = *next;
    if (frame == nullptr) break;
    // Where another function begins, that one's must be found.
    if (frame->code.size == 0) continue;
    Entry& entry = entries.emplace_back();
    fits &= Distance(header_at, frame->code.begin, &entry.code) &&
            Distance(header_at, frame->record.begin, &entry.record);
  }
  header.count = static_cast<uint32_t>(entries.size());
  if (!fits || sizeof(Header) + entries.size() * sizeof(Entry) > bytes.size()) {
    return absl::OutOfRangeError("unwind table does not fit into its index");
  }
  std::ranges::sort(entries, {}, &Entry::code);
  std::memcpy(bytes.data(), &header, sizeof(header));
  std::memcpy(bytes.data() + sizeof(header), entries.data(),
              entries.size() * sizeof(Entry));
  return absl::OkStatus();
}

}  // namespace relink
