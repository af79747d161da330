// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/emit/program_headers.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "relink/elf/constants.h"

namespace relink {
namespace {

using Phdr = elf::Phdr<elf::Elf64Le>;

std::span<const Phdr> HeadersOf(const Module& module) {
  const auto headers = module.program_headers.Records<Phdr>(
      0, module.program_headers.size() / sizeof(Phdr));
  return headers.ok() ? *headers : std::span<const Phdr>();
}

ArenaId ReadOnlyArena(LinkGraph& graph) {
  for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
    const Arena& arena = graph.arenas[ArenaId(i)];
    if (arena.memory_class == MemoryClass::kReadOnly && !arena.huge_pages) {
      return ArenaId(i);
    }
  }
  return graph.arenas.Add(
      {.name = "headers", .memory_class = MemoryClass::kReadOnly});
}

// Lets `header` be about `size` bytes at `addr`, which is in a new segment.
void Point(Phdr& header, LinkAddr addr, uint64_t size,
           const FileLayout& layout) {
  header.p_offset = layout.OffsetOf(addr).value();
  header.p_vaddr = addr.value();
  header.p_paddr = addr.value();
  header.p_filesz = size;
  header.p_memsz = size;
}

Phdr LoadHeader(const NewSegment& segment, const FileLayout& layout) {
  Phdr header{};
  header.p_type = elf::kPtLoad;
  header.p_flags =
      segment.executable ? elf::kPfR | elf::kPfX : uint32_t{elf::kPfR};
  header.p_align = segment.alignment;
  Point(header, segment.memory.begin, segment.memory.size, layout);
  return header;
}

}  // namespace

SectionId ReserveProgramHeaders(LinkGraph& graph, ModuleId id) {
  const auto section_id =
      SectionId(static_cast<uint32_t>(graph.sections.size()));
  Symbol symbol;
  symbol.definition = InSection{section_id, 0};
  symbol.module_id = id;
  Section section;
  section.module_id = id;
  section.name = "program headers";
  section.kind = SectionKind::kMade;
  section.memory_class = MemoryClass::kReadOnly;
  section.alignment = alignof(uint64_t);
  section.symbol_id = graph.symbols.Add(symbol);
  section.arena_id = ReadOnlyArena(graph);
  // One for each arena, and one for an .eh_frame_hdr.
  section.size =
      (HeadersOf(graph.modules[id]).size() + graph.arenas.size() + 1) *
      sizeof(Phdr);
  graph.sections.Add(std::move(section));
  graph.order.insert(graph.order.begin(), section_id);
  return section_id;
}

std::vector<Phdr> MakeProgramHeaders(const LinkedImage& image, ModuleId id,
                                     const FileLayout& layout,
                                     SectionId headers_id,
                                     std::optional<SectionId> unwind_index) {
  const std::span<const Phdr> before = HeadersOf(image.module(id));
  size_t last_load = 0;
  for (size_t i = 0; i < before.size(); ++i) {
    if (before[i].p_type == elf::kPtLoad) last_load = i;
  }
  std::vector<Phdr> headers;
  for (size_t i = 0; i < before.size(); ++i) {
    Phdr header = before[i];
    if (header.p_type == elf::kPtGnuEhFrame && unwind_index.has_value()) {
      Point(header, LinkAddr(image.At(*unwind_index).value()),
            image.Bytes(*unwind_index).size(), layout);
      unwind_index.reset();
    } else if (header.p_type != elf::kPtLoad && header.p_filesz != 0) {
      header.p_offset = layout.Moved(header.p_offset);
    }
    headers.push_back(header);
    if (i != last_load) continue;
    for (const NewSegment& segment : layout.segments) {
      headers.push_back(LoadHeader(segment, layout));
    }
  }
  if (unwind_index.has_value()) {
    Phdr header{};
    header.p_type = elf::kPtGnuEhFrame;
    header.p_flags = elf::kPfR;
    header.p_align = alignof(uint32_t);
    Point(header, LinkAddr(image.At(*unwind_index).value()),
          image.Bytes(*unwind_index).size(), layout);
    headers.push_back(header);
  }
  for (Phdr& header : headers) {
    if (header.p_type != elf::kPtPhdr) continue;
    Point(header, LinkAddr(image.At(headers_id).value()),
          headers.size() * sizeof(Phdr), layout);
  }
  return headers;
}

}  // namespace relink
