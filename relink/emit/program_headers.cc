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

std::vector<Phdr> MakeProgramHeaders(const LinkedImage& image, ModuleId id,
                                     const FileLayout& layout,
                                     const HeaderRoom& room,
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
    } else if (header.p_type != elf::kPtLoad && header.p_type != elf::kPtPhdr &&
               room.displaced.Contains(LinkAddr(uint64_t{header.p_vaddr}))) {
      Point(header, room.At(image, LinkAddr(uint64_t{header.p_vaddr})),
            header.p_filesz, layout);
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
    header.p_filesz = headers.size() * sizeof(Phdr);
    header.p_memsz = header.p_filesz;
    if (!room.table_id.has_value()) continue;
    Point(header, LinkAddr(image.At(room.table_id).value()), header.p_filesz,
          layout);
  }
  return headers;
}

}  // namespace relink
