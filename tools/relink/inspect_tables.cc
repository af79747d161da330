// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tools/relink/elf_names.h"
#include "tools/relink/inspect_print.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

std::string Hex(uint64_t value) { return absl::StrCat("0x", absl::Hex(value)); }

void PrintSegments(const FileFacts& facts, std::ostream& out) {
  out << absl::StreamFormat("\n  %-14s %10s %12s %10s %10s %-5s %8s\n",
                            "segment", "offset", "vaddr", "filesz", "memsz",
                            "flags", "align");
  for (const SegmentFacts& s : facts.segments) {
    out << absl::StreamFormat("  %-14s %10s %12s %10s %10s %-5s %8s\n",
                              SegmentTypeName(s.type), Hex(s.offset),
                              Hex(s.vaddr), Hex(s.filesz), Hex(s.memsz),
                              SegmentFlags(s.flags), Hex(s.align));
  }
}

void PrintSections(const FileFacts& facts, std::ostream& out) {
  out << absl::StreamFormat("\n  %-20s %-13s %12s %10s %10s %-5s %6s\n",
                            "section", "type", "addr", "offset", "size",
                            "flags", "align");
  for (const SectionFacts& s : facts.sections) {
    out << absl::StreamFormat("  %-20s %-13s %12s %10s %10s %-5s %6d\n",
                              Shown(s.name), SectionTypeName(s.type),
                              Hex(s.addr), Hex(s.offset), Hex(s.size),
                              SectionFlags(s.flags), s.align);
  }
}

void PrintSymbols(ByteView bytes, std::ostream& out) {
  std::optional<SymbolTableKind> last;
  (void)ListSymbols(bytes, [&](const SymbolFacts& s) {
    if (last != s.table) {
      last = s.table;
      out << absl::StreamFormat(
          "\n  %-12s %8s %-7s %-6s %-9s %-14s %s\n", "value", "size", "type",
          "bind", "visible", "section",
          s.table == SymbolTableKind::kDynamic ? "dynamic symbol"
                                               : ".symtab symbol");
    }
    out << absl::StreamFormat("  0x%010x %8d %-7s %-6s %-9s %-14s %s\n",
                              s.value, s.size, SymbolTypeName(s.type),
                              SymbolBindName(s.bind),
                              SymbolVisibilityName(s.visibility),
                              Shown(s.section), Shown(s.VersionedName()));
  });
}

void PrintRelocations(const Inspection& inspection, std::ostream& out) {
  out << absl::StreamFormat("\n  %-12s %-8s %-24s %s\n", "offset", "table",
                            "relocation", "symbol + addend");
  (void)ListRelocations(inspection.bytes, [&](const RelocationFacts& r) {
    const bool relr = r.table == RelocationTable::kRelr;
    std::string target = Shown(r.symbol);
    if (r.has_addend && (r.addend != 0 || target.empty())) {
      const uint64_t size = r.addend < 0 ? 0 - static_cast<uint64_t>(r.addend)
                                         : static_cast<uint64_t>(r.addend);
      absl::StrAppend(&target, target.empty() ? "" : " ",
                      r.addend < 0     ? "- "
                      : target.empty() ? ""
                                       : "+ ",
                      "0x", absl::Hex(size));
    }
    const absl::string_view table = RelocationTableName(r.table);
    out << absl::StreamFormat(
        "  0x%010x %-8s %-24s %s\n", r.offset,
        r.section.empty() ? std::string(table) : Shown(r.section),
        relr ? "relative" : RelocationName(inspection.facts.platform, r.type),
        target);
  });
}

}  // namespace

void PrintTables(const Inspection& inspection, std::ostream& out) {
  const FileFacts& facts = inspection.facts;
  if (inspection.tables.segments) PrintSegments(facts, out);
  if (inspection.tables.sections) PrintSections(facts, out);
  if (inspection.tables.symbols) PrintSymbols(inspection.bytes, out);
  if (inspection.tables.relocations) PrintRelocations(inspection, out);
}

}  // namespace relink::tools
