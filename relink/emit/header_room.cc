// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/emit/header_room.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/records.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using Phdr = elf::Phdr<Elf>;
using Shdr = elf::Shdr<Elf>;

// More than anything has that can give way.
constexpr uint64_t kAlignment = 64;

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

// Tables that nothing but the dynamic table points at, and notes.
bool CanGiveWay(const Shdr& section) {
  constexpr uint32_t kTypes[] = {elf::kShtNote,      elf::kShtHash,
                                 elf::kShtGnuHash,   elf::kShtDynsym,
                                 elf::kShtStrtab,    elf::kShtGnuVersym,
                                 elf::kShtGnuVerdef, elf::kShtGnuVerneed,
                                 elf::kShtRela,      elf::kShtRelr};
  return std::ranges::find(kTypes, uint32_t{section.sh_type}) !=
         std::end(kTypes);
}

bool CanGiveWay(const Phdr& header) {
  return header.p_type == elf::kPtNote || header.p_type == elf::kPtInterp ||
         header.p_type == elf::kPtGnuProperty;
}

// Finds what stands where a longer table would.
class DisplacedRange {
 public:
  DisplacedRange(const elf::ElfFile<Elf>& file,
                 const elf::SectionTable<Elf>& sections)
      : file_(file), sections_(sections) {}

  // From the end of the table to wherever the last thing that stands in the way
  // of `size` bytes ends; nothing if there is something that must stay.
  std::optional<LinkRange> Find(uint64_t size) {
    const uint64_t table = file_.header().e_phoff;
    const uint64_t begin = table + file_.segments().size_bytes();
    const auto first = std::ranges::find_if(
        file_.segments(),
        [](const Phdr& header) { return header.p_type == elf::kPtLoad; });
    if (first == file_.segments().end() || first->p_offset > table) {
      return std::nullopt;
    }
    begin_ = first->p_vaddr + (begin - first->p_offset);
    end_ = first->p_vaddr + (table + size - first->p_offset);
    for (bool grew = true; grew;) {
      grew = false;
      for (const Shdr& section : sections_.sections()) {
        if ((section.sh_flags & elf::kShfAlloc) == 0) continue;
        const bool movable = CanGiveWay(section) || IsInterpreter(section);
        if (!Include(section.sh_addr, section.sh_size, movable, grew)) {
          return std::nullopt;
        }
      }
      for (const Phdr& header : file_.segments()) {
        if (header.p_type == elf::kPtLoad || header.p_type == elf::kPtPhdr) {
          continue;
        }
        if (!Include(header.p_vaddr, header.p_memsz, CanGiveWay(header),
                     grew)) {
          return std::nullopt;
        }
      }
    }
    if (end_ > first->p_vaddr + first->p_filesz) return std::nullopt;
    return LinkRange{LinkAddr(begin_), end_ - begin_};
  }

 private:
  bool IsInterpreter(const Shdr& section) const {
    return std::ranges::any_of(file_.segments(), [&](const Phdr& header) {
      return header.p_type == elf::kPtInterp &&
             header.p_vaddr == section.sh_addr &&
             header.p_memsz == section.sh_size;
    });
  }

  // False if `size` bytes at `addr` are in the way and must stay.
  bool Include(uint64_t addr, uint64_t size, bool movable, bool& grew) {
    if (size == 0 || addr >= end_ || addr + size <= begin_) return true;
    if (!movable || addr < begin_ || addr + size < addr) return false;
    if (addr + size > end_) {
      end_ = addr + size;
      grew = true;
    }
    return true;
  }

  const elf::ElfFile<Elf>& file_;
  const elf::SectionTable<Elf>& sections_;
  uint64_t begin_ = 0;
  uint64_t end_ = 0;
};

// Whether code or data points there. PC-relative addends count from the field,
// and instructions end up to eight bytes behind its beginning.
bool IsReferredTo(const LinkGraph& graph, LinkRange range) {
  constexpr uint64_t kSlack = 8;
  const LinkRange near = {range.begin - kSlack, range.size + kSlack};
  return std::ranges::any_of(graph.sections, [&](const Section& section) {
    return std::ranges::any_of(section.fixups, [&](const Fixup& fixup) {
      const auto* target =
          std::get_if<InSection>(&graph.symbols[fixup.target].definition);
      if (target == nullptr) return false;
      const LinkRange home = graph.sections[target->section_id].home;
      return home.size != 0 &&
             near.Contains(home.begin + target->offset +
                           static_cast<uint64_t>(fixup.addend));
    });
  });
}

// In front of all else of its arena.
SectionId AddSection(LinkGraph& graph, ModuleId id, absl::string_view name,
                     uint64_t size, std::vector<std::byte> contents) {
  const auto section_id =
      SectionId(static_cast<uint32_t>(graph.sections.size()));
  Symbol symbol;
  symbol.definition = InSection{section_id, 0};
  symbol.module_id = id;
  Section section;
  section.module_id = id;
  section.name = name;
  section.kind = SectionKind::kMade;
  section.memory_class = MemoryClass::kReadOnly;
  section.alignment = kAlignment;
  section.size = size;
  section.contents = SectionContents(std::move(contents));
  section.symbol_id = graph.symbols.Add(symbol);
  section.arena_id = ReadOnlyArena(graph);
  graph.sections.Add(std::move(section));
  graph.order.insert(graph.order.begin(), section_id);
  return section_id;
}

}  // namespace

HeaderRoom MakeHeaderRoom(LinkGraph& graph, ModuleId id) {
  ReadOnlyArena(graph);  // One segment more, if there was none.
  const Module& module = graph.modules[id];
  const uint64_t size =
      module.program_headers.size() +
      (graph.arenas.size() + (module.eh_frame_hdr.size == 0 ? 1 : 0)) *
          sizeof(Phdr);
  HeaderRoom room;
  const auto file = elf::ElfFile<Elf>::Parse(module.file);
  if (file.ok()) {
    const auto sections = elf::SectionTable<Elf>::Parse(*file);
    const auto view = elf::AddressView<Elf>::OfFile(*file);
    if (sections.ok() && !sections->sections().empty()) {
      const auto range = DisplacedRange(*file, *sections).Find(size);
      const auto bytes = range.has_value()
                             ? view.Slice(range->begin, range->size)
                             : Result<ByteView>(ByteView());
      if (range.has_value() && bytes.ok() && !IsReferredTo(graph, *range)) {
        room.displaced = *range;
        room.padding = range->begin.value() % kAlignment;
        std::vector<std::byte> contents(room.padding);
        contents.insert(contents.end(), bytes->bytes().begin(),
                        bytes->bytes().end());
        const uint64_t all = contents.size();
        room.displaced_id =
            AddSection(graph, id, "displaced", all, std::move(contents));
        return room;
      }
    }
  }
  room.table_id = AddSection(graph, id, "program headers", size, {});
  return room;
}

}  // namespace relink
