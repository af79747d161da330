// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/describe_symbols.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/elf_file.h"
#include "relink/ir/module_source.h"
#include "relink/runtime/real_path.h"
#include "relink/runtime/symbol_file.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

ByteView View(const std::span<const std::byte>& bytes) {
  return ByteView(bytes.data(), bytes.size());
}

// A section that symbols may be in.
struct NumberedSection {
  LinkRange home;
  uint16_t number;
};

// The symbols that the module has in memory, whatever its file has.
void AddDynamicSymbols(const PlacedModule& placed,
                       const RegisteredModule& loaded,
                       const std::vector<NumberedSection>& sections,
                       SymbolFile& symbols) {
  const auto& table = loaded.member->definitions.symbols;
  for (uint32_t i = 1, count = table.CountSymbols(); i < count; ++i) {
    const elf::Sym<NativeElf>& symbol = table[i];
    const LinkRange home{LinkAddr(symbol.st_value), symbol.st_size};
    if (symbol.undefined() || symbol.type() == elf::kSttTls) continue;
    const auto section =
        std::ranges::find_if(sections, [&](const NumberedSection& candidate) {
          return candidate.home.Contains(home);
        });
    if (section == sections.end()) continue;
    symbols.AddSymbol(relink::View(table.Name(symbol)), placed.Bulk(home),
                      symbol.type(), section->number);
  }
}

// The sections that the module's file says it has, and a link to it.
absl::Status DescribeFile(const Module& module, const PlacedModule& placed,
                          const RegisteredModule& loaded, SymbolFile& symbols) {
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(module.name()));
  if (!(source.identity() == module.source.identity())) {
    return absl::FailedPreconditionError("another file has its name now");
  }
  ASSIGN_OR_RETURN(const ByteView bytes, source.Read(0, source.size()));
  const auto file = elf::ElfFile<NativeElf>::Parse(bytes);
  if (!file.ok()) return ToStatus(file.error(), "");
  const auto table = elf::SectionTable<NativeElf>::Parse(*file);
  if (!table.ok()) return ToStatus(table.error(), "");
  if (table->sections().empty()) {
    return absl::NotFoundError("it has no section headers");
  }
  std::vector<NumberedSection> sections;
  for (const elf::Shdr<NativeElf>& header : table->sections()) {
    const LinkRange home{LinkAddr(header.sh_addr), header.sh_size};
    if ((header.sh_flags & elf::kShfAlloc) == 0 ||
        (header.sh_flags & elf::kShfTls) != 0 || !placed.span.Contains(home)) {
      continue;
    }
    // The build-id is read from the section, and finds installed debug files;
    // stacks are unwound by .eh_frame if those have none.
    const absl::string_view name = relink::View(table->Name(header));
    const bool wanted = header.sh_type == elf::kShtNote || name == ".eh_frame";
    const uint16_t number = symbols.AddSection(
        {.name = name,
         .type = wanted ? uint32_t{header.sh_type} : elf::kShtNobits,
         .flags = header.sh_flags,
         .memory = placed.Bulk(home),
         .contents = table->Contents(header)});
    sections.push_back({home, number});
  }
  AddDynamicSymbols(placed, loaded, sections, symbols);
  symbols.AddDebugLink(RealPath(module.name()), SymbolFile::Checksum(bytes));
  return absl::OkStatus();
}

// What is in the module's memory: its segments, unwind tables and symbols.
void DescribeMemory(const LinkedImage& image, ModuleId id,
                    const RegisteredModule& loaded, SymbolFile& symbols) {
  const Module& module = image.module(id);
  const PlacedModule& placed = image.placed(id);
  std::vector<NumberedSection> sections;
  for (const Segment& segment : module.segments) {
    const uint64_t flags = elf::kShfAlloc |
                           (segment.writable ? elf::kShfWrite : 0) |
                           (segment.executable ? elf::kShfExecinstr : 0);
    const uint16_t number = symbols.AddSection(
        {.name = segment.executable ? ".text"
                                    : (segment.writable ? ".data" : ".rodata"),
         .flags = flags,
         .memory = placed.Bulk(segment.memory)});
    sections.push_back({segment.memory, number});
  }
  const auto frames = elf::FindEhFrame<NativeElf>(image.View<NativeElf>(id),
                                                  module.eh_frame_hdr);
  if (frames.ok() && frames->records.size != 0) {
    symbols.AddSection({.name = ".eh_frame",
                        .type = elf::kShtProgbits,
                        .memory = placed.Bulk(frames->records),
                        .contents = View(placed.Bytes(frames->records))});
  }
  AddDynamicSymbols(placed, loaded, sections, symbols);
}

// What was placed on its own, under the names that it has in its module.
void DescribeArenas(const LinkedImage& image, SymbolFile& symbols) {
  const LinkGraph& graph = image.graph();
  std::vector<uint16_t> numbers;
  for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
    const Arena& arena = graph.arenas[ArenaId(i)];
    const bool is_code = arena.memory_class == MemoryClass::kCode;
    numbers.push_back(symbols.AddSection(
        {.name = is_code ? ".text" : ".data",
         .flags = elf::kShfAlloc | (is_code ? elf::kShfExecinstr : 0),
         .memory = image.ArenaRange(ArenaId(i))}));
  }
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (!section.arena_id.has_value()) continue;
    const RuntimeRange memory{image.At(id), section.size};
    if (section.kind == SectionKind::kUnwind) {
      symbols.AddSection({.name = ".eh_frame",
                          .type = elf::kShtProgbits,
                          .memory = memory,
                          .contents = View(image.Bytes(id))});
    } else if (section.kind == SectionKind::kFunction) {
      symbols.AddSymbol(section.name, memory, elf::kSttFunc,
                        numbers[section.arena_id.index()]);
    }
  }
}

}  // namespace

std::vector<std::vector<std::byte>> DescribeSymbols(const LinkedImage& image,
                                                    const LoadedGroup& group) {
  std::vector<std::vector<std::byte>> files;
  for (uint32_t i = 0; i < group.modules.size(); ++i) {
    const ModuleId id(i);
    const PlacedModule& placed = image.placed(id);
    if (placed.in_arenas()) continue;
    SymbolFile symbols;
    const bool is_file = image.module(id).source.identity().inode != 0;
    if (!is_file ||
        !DescribeFile(image.module(id), placed, group.modules[i], symbols)
             .ok()) {
      symbols = SymbolFile();
      DescribeMemory(image, id, group.modules[i], symbols);
    }
    files.push_back(std::move(symbols).Finish());
  }
  if (image.graph().arenas.empty()) return files;
  SymbolFile moved;
  DescribeArenas(image, moved);
  files.push_back(std::move(moved).Finish());
  return files;
}

}  // namespace relink
