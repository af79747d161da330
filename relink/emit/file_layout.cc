// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/emit/file_layout.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/elf_file.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;

constexpr uint64_t kHugePage = uint64_t{2} << 20;
// What a .bss may leave empty in the file.
constexpr uint64_t kMaxHole = uint64_t{64} << 20;

absl::StatusOr<std::vector<NewSegment>> SegmentsOf(const LinkedImage& image) {
  const LinkGraph& graph = image.graph();
  std::vector<NewSegment> segments;
  for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
    const Arena& arena = graph.arenas[ArenaId(i)];
    const RuntimeRange pages = image.ArenaRange(ArenaId(i));
    if (pages.size == 0) continue;
    const bool executable = arena.memory_class == MemoryClass::kCode;
    if (!executable && arena.memory_class != MemoryClass::kReadOnly) {
      return absl::UnimplementedError(absl::StrCat(
          "arena ", arena.name, ": data that is written cannot move"));
    }
    segments.push_back(
        {.arena_id = ArenaId(i),
         .memory = {LinkAddr(pages.begin.value()), 0},
         .alignment = arena.huge_pages ? kHugePage : image.layout().page_size,
         .executable = executable});
  }
  for (SectionId id : graph.order) {
    const SectionPlacement& placement = image.layout().sections[id];
    for (NewSegment& segment : segments) {
      if (segment.arena_id != placement.arena_id) continue;
      segment.memory.size = std::max(
          segment.memory.size, placement.offset + graph.sections[id].size);
    }
  }
  std::ranges::sort(segments, {}, [](const NewSegment& segment) {
    return segment.memory.begin;
  });
  return segments;
}

// The input without a table of section headers that ends it.
uint64_t SizeWithoutHeaders(const elf::ElfFile<Elf>& file) {
  const elf::Ehdr<Elf>& header = file.header();
  const uint64_t size = file.bytes().size();
  const uint64_t table = uint64_t{header.e_shnum} * sizeof(elf::Shdr<Elf>);
  return table != 0 && table <= size && header.e_shoff == size - table
             ? size - table
             : size;
}

}  // namespace

const NewSegment* FileLayout::Find(LinkAddr addr) const {
  for (const NewSegment& segment : segments) {
    if (segment.memory.Contains(addr)) return &segment;
  }
  return nullptr;
}

FileOffset FileLayout::OffsetOf(LinkAddr addr) const {
  const NewSegment* segment = Find(addr);
  return segment == nullptr
             ? FileOffset()
             : segment->offset +
                   static_cast<uint64_t>(addr - segment->memory.begin);
}

absl::StatusOr<FileLayout> PlanFile(const LinkedImage& image, ModuleId id,
                                    bool keep_distance) {
  const Module& module = image.module(id);
  const auto file = elf::ElfFile<Elf>::Parse(module.file);
  if (!file.ok()) return ToStatus(file.error(), module.name());
  FileLayout layout;
  ASSIGN_OR_RETURN(layout.segments, SegmentsOf(image));
  for (const Segment& segment : module.segments) {
    layout.loaded_size =
        std::max(layout.loaded_size, segment.file.end().value());
  }
  layout.input_size = std::max(layout.loaded_size, SizeWithoutHeaders(*file));
  const Segment& first = module.segments.front();
  const uint64_t distance =
      first.memory.begin.value() - first.file.begin.value();
  uint64_t end = layout.loaded_size;
  for (NewSegment& segment : layout.segments) {
    const uint64_t begin = segment.memory.begin.value();
    // The least that is congruent with the address.
    const uint64_t least = end + (begin - end) % segment.alignment;
    const uint64_t same_distance = begin - distance;
    const bool keeps = keep_distance && same_distance >= end &&
                       same_distance <= begin &&
                       same_distance - end <= kMaxHole;
    segment.offset = FileOffset(keeps ? same_distance : least);
    end = segment.offset.value() + segment.memory.size;
  }
  layout.shift = AlignUp(end - layout.loaded_size, image.layout().page_size);
  return layout;
}

}  // namespace relink
