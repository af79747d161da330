// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/describe_image.h"

#include <algorithm>
#include <cstring>

#include "relink/elf/eh_frame.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

void* Pointer(RuntimeAddr addr) {
  return reinterpret_cast<void*>(addr.value());
}

// The module's own tables, if unwinders can use them: they end with a zero
// word, which libgcc looks for (LSB Core, "The .eh_frame section").
absl::Status FindFrames(const LinkedImage& image, ModuleId id,
                        LoadedRegion& region) {
  const Module& module = image.module(id);
  if (module.eh_frame_hdr.size == 0) return absl::OkStatus();
  auto frames = elf::FindEhFrame<NativeElf>(image.View<NativeElf>(id),
                                            module.eh_frame_hdr);
  if (!frames.ok()) {
    // Without a search table there is nothing that says where it ends.
    if (frames.error().code == ErrorCode::kUnsupported) return absl::OkStatus();
    return ToStatus(frames.error(), module.name());
  }
  if (frames->records.size == 0 || !frames->terminated) {
    return absl::OkStatus();
  }
  const PlacedModule& placed = image.placed(id);
  region.eh_frame = placed.Bytes(frames->records).data();
  if (frames->entry_count != 0) {
    region.eh_frame_hdr = placed.Bytes(module.eh_frame_hdr).data();
  }
  return absl::OkStatus();
}

void CopyProgramHeaders(const Module& module, RegisteredModule& loaded) {
  const ByteView headers = module.program_headers;
  loaded.program_headers.resize(headers.size() / sizeof(ElfW(Phdr)));
  std::memcpy(loaded.program_headers.data(), headers.data(),
              loaded.program_headers.size() * sizeof(ElfW(Phdr)));
}

ElfW(Word) SegmentFlags(MemoryClass memory_class) {
  switch (memory_class) {
    case MemoryClass::kCode:
      return PF_R | PF_X;
    case MemoryClass::kReadOnly:
      return PF_R;
    case MemoryClass::kRelro:
    case MemoryClass::kData:
    case MemoryClass::kTls:
      return PF_R | PF_W;
  }
  return 0;
}

// Segments that modules have besides those of their files, or in their place.
void MakeProgramHeaders(const LoadedRegion& region, MemoryClass memory_class,
                        std::span<RegisteredModule> modules) {
  for (RegisteredModule& module : modules) {
    const auto of_module = [&](const LoadedRegion::Part& part) {
      return part.module == &module;
    };
    if (std::ranges::none_of(region.parts, of_module)) continue;
    ElfW(Phdr) header = {};
    header.p_type = PT_LOAD;
    header.p_flags = SegmentFlags(memory_class);
    header.p_vaddr = region.memory.begin.value() - module.map.l_addr;
    header.p_memsz = region.memory.size;
    module.program_headers.push_back(header);
  }
}

// The arenas' memory, with the parts of all modules that are there.
void AddArenas(const LinkedImage& image, LoadedGroup& group) {
  const LinkGraph& graph = image.graph();
  std::vector<LoadedRegion> regions(graph.arenas.size());
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (!section.arena_id.has_value()) continue;
    LoadedRegion& region = regions[section.arena_id.index()];
    const RuntimeAddr addr = image.At(id);
    if (section.kind == SectionKind::kUnwind) region.eh_frame = Pointer(addr);
    if (section.home.size == 0) continue;  // No file has it.
    region.parts.push_back(
        {.memory = {addr, section.size},
         .home = section.home.begin,
         .module = &group.modules[section.module_id.index()]});
  }
  for (size_t i = 0; i < regions.size(); ++i) {
    const ArenaId id(static_cast<uint32_t>(i));
    LoadedRegion& region = regions[i];
    region.memory = image.ArenaRange(id);
    if (region.memory.size == 0) continue;
    std::ranges::sort(region.parts, {}, [](const LoadedRegion::Part& part) {
      return part.memory.begin;
    });
    MakeProgramHeaders(region, graph.arenas[id].memory_class, group.modules);
    group.regions.push_back(std::move(region));
  }
}

}  // namespace

absl::StatusOr<LoadedGroup> DescribeImage(
    const LinkedImage& image, std::span<const BoundModule> modules) {
  LoadedGroup group;
  // Nothing moves from here on: regions point at modules.
  group.modules.resize(modules.size());
  for (uint32_t i = 0; i < modules.size(); ++i) {
    const ModuleId id(i);
    const Module& module = image.module(id);
    const PlacedModule& placed = image.placed(id);
    RegisteredModule& loaded = group.modules[i];
    loaded.name = module.name();
    loaded.map.l_addr = placed.bias();
    loaded.map.l_name = loaded.name.data();
    if (module.dynamic_table.size != 0) {
      loaded.map.l_ld = static_cast<ElfW(Dyn)*>(
          Pointer(placed.At(module.dynamic_table.begin)));
    }
    loaded.member = &modules[i].member;
    if (placed.in_arenas()) continue;
    CopyProgramHeaders(module, loaded);
    loaded.memory = {placed.start, placed.span.size};
    LoadedRegion region;
    region.memory = loaded.memory;
    region.module = &loaded;
    RETURN_IF_ERROR(FindFrames(image, id, region));
    group.regions.push_back(std::move(region));
  }
  AddArenas(image, group);
  return group;
}

}  // namespace relink
