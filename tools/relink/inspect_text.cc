// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/elf/constants.h"
#include "tools/relink/elf_names.h"
#include "tools/relink/inspect_capability.h"
#include "tools/relink/inspect_print.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

std::string Plural(uint64_t count, absl::string_view noun) {
  return absl::StrCat(count, " ", noun, count == 1 ? "" : "s");
}

std::string Size(uint64_t bytes) {
  if (bytes < 10'000) return absl::StrCat(bytes, " B");
  const double kib = static_cast<double>(bytes) / 1024;
  if (kib < 10'000) return absl::StrFormat("%.0f KiB", kib);
  return absl::StrFormat("%.0f MiB", kib / 1024);
}

// "FUNC 90", "OBJECT 3", the commonest first.
using Counted = std::vector<std::pair<uint64_t, std::string>>;
std::vector<std::string> Commonest(Counted counted) {
  std::stable_sort(
      counted.begin(), counted.end(),
      [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> texts;
  for (const auto& [count, name] : counted) {
    texts.push_back(absl::StrCat(name, " ", count));
  }
  return texts;
}

std::vector<std::string> Named(std::span<const uint64_t> counts,
                               std::string (*name)(uint8_t)) {
  Counted counted;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] != 0) {
      counted.emplace_back(counts[i], name(static_cast<uint8_t>(i)));
    }
  }
  return Commonest(std::move(counted));
}

// The lines of a summary: "  label        text".
class Summary {
 public:
  explicit Summary(std::ostream& out) : out_(out) {}
  void Line(absl::string_view label, absl::string_view text) {
    out_ << absl::StreamFormat("  %-12s %s\n", label, text);
  }
  // "first a, b, c" broken into lines of a terminal's width.
  void List(std::string first, std::span<const std::string> items) {
    constexpr size_t kWidth = 64;
    std::string line = std::move(first);
    for (const std::string& item : items) {
      if (line.size() + item.size() > kWidth) {
        Line("", std::exchange(line, " "));
      }
      if (!line.empty()) line += ' ';
      absl::StrAppend(&line, item, &item == &items.back() ? "" : ",");
    }
    Line("", line);
  }
  void String(absl::string_view label, std::optional<absl::string_view> text) {
    if (text) Line(label, Shown(*text));
  }

 private:
  std::ostream& out_;
};

void PrintIdentity(const FileFacts& facts, Summary& summary) {
  const bool is64 = facts.platform.elf_class == elf::kElfClass64;
  const bool little = facts.platform.byte_order == elf::kElfData2Lsb;
  summary.Line("kind", absl::StrCat(facts.kind, ", ",
                                    MachineName(facts.platform.machine), ", ",
                                    is64 ? "64" : "32", "-bit ",
                                    little ? "little" : "big", "-endian"));
  if (facts.flags != 0) {
    summary.Line("flags", absl::StrCat("0x", absl::Hex(facts.flags)));
  }
  if (facts.entry != 0) {
    summary.Line("entry", absl::StrCat("0x", absl::Hex(facts.entry)));
  }
  if (!facts.build_id.empty()) summary.Line("build-id", facts.build_id);
  summary.String("soname", facts.soname);
  absl::string_view label = "needed";
  for (absl::string_view needed : facts.needed) {
    summary.Line(std::exchange(label, ""), Shown(needed));
  }
  summary.String("rpath", facts.rpath);
  summary.String("runpath", facts.runpath);
  summary.String("interpreter", facts.interpreter);
}

void PrintCounts(const FileFacts& facts, Summary& summary) {
  std::string loads;
  uint64_t load_count = 0, load_bytes = 0;
  for (const SegmentFacts& segment : facts.segments) {
    if (segment.type != elf::kPtLoad) continue;
    load_bytes += segment.memsz;
    if (++load_count > 16) continue;
    absl::StrAppend(&loads, " ", SegmentFlags(segment.flags));
  }
  summary.Line("segments",
               facts.segments.empty()
                   ? "none"
                   : absl::StrCat(facts.segments.size(), ", ", load_count,
                                  " loaded:", loads, ", ", Size(load_bytes)));
  summary.Line("sections", facts.sections.empty()
                               ? "none"
                               : absl::StrCat(facts.sections.size()));
  const auto symbols = [&](absl::string_view label,
                           const SymbolCounts& counts) {
    if (counts.total == 0) return;
    summary.Line(label,
                 absl::StrCat(counts.total, ": ", counts.defined, " defined, ",
                              counts.undefined, " undefined"));
    summary.List("", Named(counts.by_type, SymbolTypeName));
    summary.List("", Named(counts.by_bind, SymbolBindName));
  };
  symbols("symbols", facts.dynamic_symbols);
  symbols(facts.dynamic_symbols.total == 0 ? "symbols" : ".symtab",
          facts.full_symbols);
}

void PrintRelocationCounts(const FileFacts& facts, Summary& summary) {
  const RelocationCounts& counts = facts.relocations;
  if (counts.Total() == 0) return summary.Line("relocations", "none");
  const auto role = [&](RelocationRole r, absl::string_view name) {
    return absl::StrCat(counts.CountRole(facts.platform, r), " ", name);
  };
  using enum RelocationRole;
  std::string total = absl::StrCat(counts.Total());
  if (counts.Total() != counts[RelocationTable::kSections].total) {
    absl::StrAppend(&total, ": ", role(kRelative, "relative"), ", ",
                    role(kTls, "TLS"), ", ", role(kIfunc, "ifunc"), ", ",
                    role(kCopy, "copy"));
  }
  summary.Line("relocations", total);
  for (size_t i = 0; i < kRelocationTables; ++i) {
    const RelocationCounts::Table& table = counts.tables[i];
    if (table.total == 0) continue;
    const absl::string_view name =
        RelocationTableName(static_cast<RelocationTable>(i));
    Counted counted;
    for (const auto& [type, times] : table.by_type) {
      counted.emplace_back(times, RelocationName(facts.platform, type));
    }
    std::vector<std::string> kinds = Commonest(std::move(counted));
    constexpr size_t kMaxKinds = 48;
    if (kinds.size() > kMaxKinds) {
      kinds.resize(kMaxKinds);
      kinds.emplace_back("...");
    }
    summary.List(absl::StrCat(name, " ", table.total, kinds.empty() ? "" : ":"),
                 kinds);
  }
}

std::string StackText(ProtectionFacts::Stack stack) {
  switch (stack) {
    case ProtectionFacts::Stack::kNotExecutable:
      return "stack not executable";
    case ProtectionFacts::Stack::kExecutable:
      return "EXECUTABLE STACK";
    case ProtectionFacts::Stack::kUnstated:
      return "stack unstated";
  }
  return "";
}

void PrintProtection(const FileFacts& facts, Summary& summary) {
  if (facts.segments.empty() || facts.type == elf::kEtCore) return;
  const ProtectionFacts& protection = facts.protection;
  std::string relro = "no RELRO";
  if (protection.relro_bytes != 0) {
    relro = absl::StrCat(protection.bind_now ? "full" : "partial", " RELRO (",
                         Size(protection.relro_bytes), " of ",
                         Size(protection.writable_bytes), " writable)");
  }
  std::string text = relro;
  if (facts.dynamic) {
    absl::StrAppend(&text,
                    protection.bind_now ? ", bind now" : ", lazy binding");
  }
  absl::StrAppend(&text, ", ", StackText(protection.stack));
  if (protection.rwx_segments != 0) {
    absl::StrAppend(&text, ", ",
                    Plural(protection.rwx_segments, "RWX SEGMENT"));
  }
  if (protection.text_relocations) absl::StrAppend(&text, ", TEXT RELOCATIONS");
  summary.Line("protection", text);
  const TlsFacts& tls = facts.tls;
  if (tls.present || tls.static_only) {
    summary.Line("tls", absl::StrCat(Size(tls.memsz), ", ", Size(tls.filesz),
                                     " initialized, align ", tls.align,
                                     tls.static_only ? ", static" : ""));
  }
}

}  // namespace

void PrintText(const Inspection& inspection, std::ostream& out) {
  const FileFacts& facts = inspection.facts;
  out << Shown(inspection.path) << '\n';
  Summary summary(out);
  PrintIdentity(facts, summary);
  PrintCounts(facts, summary);
  PrintRelocationCounts(facts, summary);
  PrintProtection(facts, summary);
  summary.Line("capability", absl::StrCat(facts.capability.level, ": ",
                                          facts.capability.reason));
  if (inspection.code != nullptr) {
    PrintCode(*inspection.code, inspection.tables.functions, out);
  }
  for (const std::string& warning : facts.warnings) {
    summary.Line("warning", warning);
  }
  PrintTables(inspection, out);
}

}  // namespace relink::tools
