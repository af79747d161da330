// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_printer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/ir/graph_fields.h"
#include "relink/ir/graph_lexer.h"
#include "relink/ir/graph_references.h"

namespace relink {
namespace {

constexpr size_t kLineWidth = 80;
constexpr size_t kBytesPerLine = 16;

// Hexadecimal where it makes a difference.
std::string Number(uint64_t value) {
  return value < 10 ? absl::StrCat(value)
                    : absl::StrCat("0x", absl::Hex(value));
}

std::string Range(uint64_t begin, uint64_t size) {
  return absl::StrCat(Number(begin), "+", Number(size));
}

// The shortest text that stands for the same number.
std::string Real(double value) {
  std::array<char, 32> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), end.ptr);
}

// Appends each field that is not what it is when left out.
class FieldPrinter {
 public:
  FieldPrinter(const GraphReferences& references, std::string& out)
      : references_(references), out_(out) {}

  template <typename T>
  void operator()(absl::string_view name, const T& field,
                  const T& default_value = {}) {
    if constexpr (std::is_same_v<T, bool>) {
      if (field) absl::StrAppend(&out_, " ", name);
    } else if constexpr (std::is_same_v<T, elf::Dynamic::Span>) {
      if (field.addr != LinkAddr() || field.size != 0) {
        Append(name, Range(field.addr.value(), field.size));
      }
    } else if (!(field == default_value)) {
      Append(name, Value(field));
    }
  }

  template <typename T>
  void Word(const T& field) {
    if (field != T()) absl::StrAppend(&out_, " ", Name(field));
  }

  void Word(absl::string_view name, uint8_t field,
            std::span<const NumberWord> words) {
    if (field == 0) return;
    for (const NumberWord& row : words) {
      if (row.value == field) {
        absl::StrAppend(&out_, " ", row.word);
        return;
      }
    }
    Append(name, absl::StrCat(field));
  }

 private:
  void Append(absl::string_view name, absl::string_view value) {
    absl::StrAppend(&out_, " ", name, "=", value);
  }

  static std::string Value(uint64_t value) { return Number(value); }
  static std::string Value(uint32_t value) { return absl::StrCat(value); }
  static std::string Value(double value) { return Real(value); }
  static std::string Value(const std::string& text) { return Quoted(text); }
  static std::string Value(absl::string_view text) { return Quoted(text); }
  static std::string Value(ExternalId id) { return absl::StrCat(id.index()); }
  template <typename Space>
  static std::string Value(Address<Space> address) {
    return Number(address.value());
  }
  template <typename Space>
  static std::string Value(AddressRange<Space> range) {
    return Range(range.begin.value(), range.size);
  }
  template <typename T>
  std::string Value(T field) const {
    if constexpr (std::is_enum_v<T>) {
      return std::string(Name(field));
    } else {
      return references_.To(field);
    }
  }

  const GraphReferences& references_;
  std::string& out_;
};

class GraphPrinter {
 public:
  explicit GraphPrinter(const LinkGraph& graph)
      : graph_(graph),
        references_(graph),
        output_sections_(OutputSections(graph)),
        fields_(references_, out_) {}

  std::string Print() &&;

 private:
  void PrintModule(ModuleId id);
  void PrintFacts(const Module& module);
  void PrintSection(SectionId id);
  void PrintSymbol(SymbolId id, ModuleId context);
  void PrintFixup(const Fixup& fixup);
  void PrintContents(std::span<const std::byte> bytes);
  void PrintList(absl::string_view keyword, std::span<const SectionId> ids);

  template <typename... Parts>
  void Append(const Parts&... parts) {
    absl::StrAppend(&out_, parts...);
  }

  const LinkGraph& graph_;
  const GraphReferences references_;
  const std::vector<std::vector<SectionId>> output_sections_;
  std::string out_;
  FieldPrinter fields_;
};

// Each module is followed by its sections, as far as they are the next ones.
std::string GraphPrinter::Print() && {
  for (const SymbolId id : references_.OutsideOf(ModuleId())) {
    PrintSymbol(id, ModuleId());
  }
  ModuleId context;
  uint32_t next_section = 0;
  for (uint32_t i = 0; i < graph_.modules.size(); ++i) {
    context = ModuleId(i);
    PrintModule(context);
    while (next_section < graph_.sections.size() &&
           graph_.sections[SectionId(next_section)].module_id == context) {
      PrintSection(SectionId(next_section++));
    }
  }
  for (; next_section < graph_.sections.size(); ++next_section) {
    const Section& section = graph_.sections[SectionId(next_section)];
    if (section.module_id != context) {
      context = section.module_id;
      Append("in ", references_.To(context), "\n");
    }
    PrintSection(SectionId(next_section));
  }
  if (!graph_.modules.empty() && graph_.root_id != ModuleId(0)) {
    Append("root ", references_.To(graph_.root_id), "\n");
  }
  for (uint32_t i = 0; i < graph_.arenas.size(); ++i) {
    Append("arena ", references_.Head(ArenaId(i)));
    VisitArena(graph_.arenas[ArenaId(i)], fields_);
    Append("\n");
  }
  if (!graph_.sections.empty()) PrintList("order", graph_.order);
  for (const CallEdge& call : graph_.calls) {
    Append("call ", references_.To(call.caller_id), " ",
           references_.To(call.callee_id));
    fields_("weight", call.weight);
    Append("\n");
  }
  for (const Sample& sample : graph_.samples) {
    Append("sample ", references_.To(sample.section_id));
    fields_("offset", sample.offset);
    fields_("weight", sample.weight);
    Append("\n");
  }
  return std::move(out_);
}

void GraphPrinter::PrintModule(ModuleId id) {
  const Module& module = graph_.modules[id];
  Append("module ", references_.Head(id));
  if (absl::string_view(module.target->name) != kDefaultTarget) {
    Append(" target=", module.target->name);
  }
  VisitModule(module, fields_);
  Append("\n");
  PrintFacts(module);
  if (module.sections != output_sections_[id.index()]) {
    PrintList("  sections", module.sections);
  }
  for (const SymbolId symbol_id : references_.OutsideOf(id)) {
    PrintSymbol(symbol_id, id);
  }
}

void GraphPrinter::PrintFacts(const Module& module) {
  for (const Segment& segment : module.segments) {
    Append("  segment ",
           Range(segment.memory.begin.value(), segment.memory.size));
    VisitSegment(segment, fields_);
    Append("\n");
  }
  if (module.tls.has_value()) {
    Append("  tls ",
           Range(module.tls->image.begin.value(), module.tls->image.size));
    VisitTls(*module.tls, fields_);
    Append("\n");
  }
  const size_t before = out_.size();
  VisitDynamic(module.dynamic, fields_);
  if (out_.size() > before) {
    out_.insert(before, "  dynamic");
    Append("\n");
  }
  for (const Dependency& dependency : module.dependencies) {
    Append("  needs ", Quoted(dependency.name));
    VisitDependency(dependency, fields_);
    Append("\n");
  }
  for (const Function& function : module.functions) {
    Append("  function ");
    if (!function.name.empty()) Append(Quoted(function.name), " ");
    Append(Range(function.range.begin.value(), function.range.size));
    VisitFunction(function, fields_);
    Append("\n");
  }
  for (const JumpTable& table : module.jump_tables) {
    Append("  jump-table ", Range(table.range.begin.value(), table.range.size));
    VisitJumpTable(table, fields_);
    Append("\n");
  }
}

void GraphPrinter::PrintSection(SectionId id) {
  const Section& section = graph_.sections[id];
  Append("section ", references_.Head(id));
  VisitSection(section, fields_);
  if (section.home != LinkRange()) {
    Append(" home=", Number(section.home.begin.value()));
    if (section.home.size != section.size) {
      Append("+", Number(section.home.size));
    }
  }
  const bool has_own = section.symbol_id.index() < graph_.symbols.size() &&
                       references_.IsOwn(section.symbol_id);
  if (!has_own) Append(" symbol=", references_.To(section.symbol_id));
  Append("\n");
  if (has_own) {
    const size_t before = out_.size();
    VisitSymbol(graph_.symbols[section.symbol_id], fields_);
    if (out_.size() > before) {
      out_.insert(before, "  own");
      Append("\n");
    }
  }
  for (const SymbolId symbol_id : references_.InsideOf(id)) {
    PrintSymbol(symbol_id, section.module_id);
  }
  for (const Fixup& fixup : section.fixups) PrintFixup(fixup);
  PrintContents(section.contents.bytes());
}

void GraphPrinter::PrintSymbol(SymbolId id, ModuleId context) {
  const Symbol& symbol = graph_.symbols[id];
  const std::string head = references_.Head(id);
  if (const auto* place = std::get_if<InSection>(&symbol.definition);
      place != nullptr && place->section_id.index() < graph_.sections.size()) {
    Append("  symbol ", head);
    if (place->offset != 0) Append(" +", Number(place->offset));
  } else if (const auto* external = std::get_if<External>(&symbol.definition)) {
    Append("  external ", head, " ", Number(external->address.value()));
  } else {
    Append("  undefined ", head);
  }
  if (symbol.module_id != context) {
    Append(" module=", references_.To(symbol.module_id));
  }
  VisitSymbol(symbol, fields_);
  Append("\n");
}

void GraphPrinter::PrintFixup(const Fixup& fixup) {
  const bool known =
      fixup.rule != nullptr && fixup.rule->formula != Formula::kUnknown;
  Append("  +", Number(fixup.offset), " ", known ? fixup.rule->name : "unknown",
         " ", references_.To(fixup.target));
  const auto addend = static_cast<uint64_t>(fixup.addend);
  if (fixup.addend > 0) Append("+", Number(addend));
  if (fixup.addend < 0) Append("-", Number(-addend));
  if (fixup.origin != FixupOrigin::kRecovered) {
    Append(" ", Name(fixup.origin));
  }
  Append("\n");
}

void GraphPrinter::PrintContents(std::span<const std::byte> bytes) {
  static constexpr absl::string_view kDigits = "0123456789abcdef";
  const auto is_zero = [](std::byte b) { return b == std::byte{0}; };
  size_t offset = 0;
  while (offset < bytes.size()) {
    Append("  ", Number(offset), ":");
    size_t end = offset;
    while (end + kBytesPerLine <= bytes.size() &&
           std::ranges::all_of(bytes.subspan(end, kBytesPerLine), is_zero)) {
      end += kBytesPerLine;
    }
    if (end > offset) {
      Append(" zeros ", Number(end - offset));
    } else {
      end = std::min(offset + kBytesPerLine, bytes.size());
      for (size_t i = offset; i < end; ++i) {
        const auto value = std::to_integer<uint8_t>(bytes[i]);
        out_ += ' ';
        out_ += kDigits[value >> 4];
        out_ += kDigits[value & 15];
      }
    }
    Append("\n");
    offset = end;
  }
}

// As many lines as it takes; the items of each are added.
void GraphPrinter::PrintList(absl::string_view keyword,
                             std::span<const SectionId> ids) {
  Append(keyword, ":");
  size_t width = keyword.size() + 1;
  for (const SectionId id : ids) {
    const std::string item = references_.To(id);
    if (width + 1 + item.size() > kLineWidth && width > keyword.size() + 1) {
      Append("\n", keyword, ":");
      width = keyword.size() + 1;
    }
    Append(" ", item);
    width += 1 + item.size();
  }
  Append("\n");
}

}  // namespace

std::string PrintGraph(const LinkGraph& graph) {
  return GraphPrinter(graph).Print();
}

}  // namespace relink
