// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_parser.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "relink/arch/target.h"
#include "relink/ir/graph_definitions.h"
#include "relink/ir/graph_fields.h"
#include "relink/ir/graph_lexer.h"
#include "relink/ir/graph_line.h"
#include "relink/ir/graph_module_parser.h"
#include "relink/ir/module_source.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// A short text must not stand for any amount of memory.
constexpr uint64_t kMaxZeros = uint64_t{256} << 20;

const Target& DefaultTarget() { return *FindTarget(Ref(kDefaultTarget)); }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Appends the bytes that `text` has two digits for each of.
bool ParseHex(absl::string_view text, std::vector<std::byte>& bytes) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (absl::ascii_isspace(static_cast<unsigned char>(text[i]))) continue;
    const int high = HexDigit(text[i++]);
    const int low = i < text.size() ? HexDigit(text[i]) : -1;
    if (high < 0 || low < 0) return false;
    bytes.push_back(static_cast<std::byte>(16 * high + low));
  }
  return true;
}

class GraphParser {
 public:
  explicit GraphParser(GraphDefinitions definitions)
      : definitions_(std::move(definitions)) {}

  absl::StatusOr<LinkGraph> Parse(absl::string_view text) &&;

 private:
  using Statement = absl::Status (GraphParser::*)(GraphLine& line);
  struct StatementRow {
    absl::string_view keyword;
    Statement parse;
  };
  static const StatementRow kStatements[];

  absl::Status ParseLine(GraphLine& line);
  absl::Status ParseModule(GraphLine& line);
  absl::Status ParseIn(GraphLine& line);
  absl::Status ParseRoot(GraphLine& line);
  absl::Status ParseSectionList(GraphLine& line);
  absl::Status ParseSection(GraphLine& line);
  absl::Status ParseOwn(GraphLine& line);
  absl::Status ParseSymbol(GraphLine& line);
  absl::Status ParseExternal(GraphLine& line);
  absl::Status ParseUndefined(GraphLine& line);
  absl::Status ParseArena(GraphLine& line);
  absl::Status ParseOrder(GraphLine& line);
  absl::Status ParseCall(GraphLine& line);
  absl::Status ParseSample(GraphLine& line);
  absl::Status ParseFixup(GraphLine& line);
  absl::Status ParseContents(GraphLine& line);

  absl::Status ParseSymbolFields(GraphLine& line, Symbol symbol);
  // The name of what the line defines, if it has no label.
  template <typename T>
  static absl::Status ParseHead(GraphLine& line, T& name);
  static absl::Status ParseList(GraphLine& line, std::vector<SectionId>& list);
  absl::Status NeedModule(const GraphLine& line) const;
  absl::Status NeedSection(const GraphLine& line) const;
  void Finish();

  Module& module() { return graph_.modules[module_id_]; }
  Section& section() { return graph_.sections[section_id_]; }

  GraphDefinitions definitions_;
  LinkGraph graph_;
  // What the lines that follow are a part of.
  ModuleId module_id_;
  SectionId section_id_;
  std::vector<Symbol> own_symbols_;     // By section.
  std::vector<bool> has_section_list_;  // By module.
  bool has_order_ = false;
  bool has_root_ = false;
  uint64_t zeros_ = 0;
};

constexpr GraphParser::StatementRow GraphParser::kStatements[] = {
    {"module", &GraphParser::ParseModule},
    {"in", &GraphParser::ParseIn},
    {"root", &GraphParser::ParseRoot},
    {"sections", &GraphParser::ParseSectionList},
    {"section", &GraphParser::ParseSection},
    {"own", &GraphParser::ParseOwn},
    {"symbol", &GraphParser::ParseSymbol},
    {"external", &GraphParser::ParseExternal},
    {"undefined", &GraphParser::ParseUndefined},
    {"arena", &GraphParser::ParseArena},
    {"order", &GraphParser::ParseOrder},
    {"call", &GraphParser::ParseCall},
    {"sample", &GraphParser::ParseSample},
};

absl::StatusOr<LinkGraph> GraphParser::Parse(absl::string_view text) && {
  RETURN_IF_ERROR(
      ForEachLine(text, [&](absl::string_view content, size_t number) {
        GraphLine line(content, number, module_id_, definitions_, graph_);
        absl::Status status = ParseLine(line);
        return status.ok() ? line.ExpectEnd() : status;
      }));
  Finish();
  return std::move(graph_);
}

absl::Status GraphParser::ParseLine(GraphLine& line) {
  if (line.at_end()) return absl::OkStatus();
  if (line.token().Is('+')) return ParseFixup(line);
  if (line.token().kind == TokenKind::kNumber) return ParseContents(line);
  for (const StatementRow& row : kStatements) {
    if (line.TakeWord(row.keyword)) return (this->*row.parse)(line);
  }
  if (const ModuleStatement parse = FindModuleStatement(line.token().text);
      parse != nullptr && line.token().kind == TokenKind::kWord) {
    line.TakeToken();
    RETURN_IF_ERROR(NeedModule(line));
    return parse(line, module());
  }
  return line.Expected("the beginning of a statement");
}

// What is left out is taken to be what it mostly is.
void GraphParser::Finish() {
  if (!has_root_ && !graph_.modules.empty()) graph_.root_id = ModuleId(0);
  for (Symbol& symbol : own_symbols_) {
    const SectionId section_id =
        std::get<InSection>(symbol.definition).section_id;
    if (definitions_.own_symbol(section_id).has_value()) {
      graph_.symbols.Add(symbol);
    }
  }
  std::vector<std::vector<SectionId>> sections = OutputSections(graph_);
  for (uint32_t i = 0; i < graph_.modules.size(); ++i) {
    if (has_section_list_[i]) continue;
    graph_.modules[ModuleId(i)].sections = std::move(sections[i]);
  }
  if (has_order_) return;
  for (uint32_t i = 0; i < graph_.sections.size(); ++i) {
    if (graph_.sections[SectionId(i)].live()) {
      graph_.order.push_back(SectionId(i));
    }
  }
}

absl::Status GraphParser::NeedModule(const GraphLine& line) const {
  return module_id_.has_value()
             ? absl::OkStatus()
             : line.Expected("the line of a module before this one");
}

absl::Status GraphParser::NeedSection(const GraphLine& line) const {
  return section_id_.has_value()
             ? absl::OkStatus()
             : line.Expected("the line of a section before this one");
}

template <typename T>
absl::Status GraphParser::ParseHead(GraphLine& line, T& name) {
  if (line.token().kind == TokenKind::kLabel) {
    line.TakeToken();
    return absl::OkStatus();
  }
  return line.Read(name);
}

absl::Status GraphParser::ParseModule(GraphLine& line) {
  std::string name;
  std::string target_name(kDefaultTarget);
  Module parsed(ModuleSource::FromMemory({}, ""), DefaultTarget());
  RETURN_IF_ERROR(ParseHead(line, name));
  RETURN_IF_ERROR(ReadAttributes(line, "a module", [&](GraphAttribute& each) {
    each("name", name);
    each("target", target_name);
    VisitModule(parsed, each);
  }));
  parsed.target = FindTarget(Ref(target_name));
  if (parsed.target == nullptr) {
    return line.ErrorIn(line.token(),
                        absl::StrCat("no target ", Quoted(target_name)));
  }
  parsed.source = ModuleSource::FromMemory({}, name);
  module_id_ = graph_.modules.Add(std::move(parsed));
  section_id_ = SectionId();
  has_section_list_.push_back(false);
  return absl::OkStatus();
}

absl::Status GraphParser::ParseIn(GraphLine& line) {
  section_id_ = SectionId();
  RETURN_IF_ERROR(line.Read(module_id_));
  if (module_id_.has_value() && module_id_.index() >= graph_.modules.size()) {
    return line.ErrorIn(line.token(), "the module is defined further down");
  }
  return absl::OkStatus();
}

absl::Status GraphParser::ParseRoot(GraphLine& line) {
  has_root_ = true;
  return line.Read(graph_.root_id);
}

absl::Status GraphParser::ParseSectionList(GraphLine& line) {
  RETURN_IF_ERROR(NeedModule(line));
  has_section_list_[module_id_.index()] = true;
  return ParseList(line, module().sections);
}

absl::Status GraphParser::ParseSection(GraphLine& line) {
  Section parsed;
  HomeText home;
  parsed.module_id = module_id_;
  RETURN_IF_ERROR(ParseHead(line, parsed.name));
  RETURN_IF_ERROR(ReadAttributes(line, "a section", [&](GraphAttribute& each) {
    each("name", parsed.name);
    each("home", home);
    each("symbol", parsed.symbol_id);
    VisitSection(parsed, each);
  }));
  if (home.given) {
    parsed.home = {home.begin, home.has_size ? home.size : parsed.size};
  }
  section_id_ = SectionId(static_cast<uint32_t>(graph_.sections.size()));
  if (const SymbolId own = definitions_.own_symbol(section_id_);
      own.has_value()) {
    parsed.symbol_id = own;
  }
  Symbol& symbol = own_symbols_.emplace_back();
  symbol.module_id = module_id_;
  symbol.definition = InSection{section_id_};
  graph_.sections.Add(std::move(parsed));
  return absl::OkStatus();
}

absl::Status GraphParser::ParseOwn(GraphLine& line) {
  RETURN_IF_ERROR(NeedSection(line));
  return ReadAttributes(line, "a symbol", [&](GraphAttribute& each) {
    VisitSymbol(own_symbols_.back(), each);
  });
}

absl::Status GraphParser::ParseSymbol(GraphLine& line) {
  RETURN_IF_ERROR(NeedSection(line));
  Symbol symbol;
  RETURN_IF_ERROR(ParseHead(line, symbol.name));
  InSection place{section_id_};
  if (line.Take('+')) RETURN_IF_ERROR(line.Read(place.offset));
  symbol.definition = place;
  return ParseSymbolFields(line, symbol);
}

absl::Status GraphParser::ParseExternal(GraphLine& line) {
  Symbol symbol;
  RETURN_IF_ERROR(ParseHead(line, symbol.name));
  External external;
  RETURN_IF_ERROR(line.Read(external.address));
  symbol.definition = external;
  return ParseSymbolFields(line, symbol);
}

absl::Status GraphParser::ParseUndefined(GraphLine& line) {
  Symbol symbol;
  RETURN_IF_ERROR(ParseHead(line, symbol.name));
  return ParseSymbolFields(line, symbol);
}

absl::Status GraphParser::ParseSymbolFields(GraphLine& line, Symbol symbol) {
  symbol.module_id = module_id_;
  RETURN_IF_ERROR(ReadAttributes(line, "a symbol", [&](GraphAttribute& each) {
    each("name", symbol.name);
    each("module", symbol.module_id);
    VisitSymbol(symbol, each);
  }));
  graph_.symbols.Add(symbol);
  return absl::OkStatus();
}

absl::Status GraphParser::ParseArena(GraphLine& line) {
  Arena arena;
  RETURN_IF_ERROR(ParseHead(line, arena.name));
  RETURN_IF_ERROR(ReadAttributes(line, "an arena", [&](GraphAttribute& each) {
    each("name", arena.name);
    VisitArena(arena, each);
  }));
  graph_.arenas.Add(std::move(arena));
  return absl::OkStatus();
}

absl::Status GraphParser::ParseOrder(GraphLine& line) {
  has_order_ = true;
  return ParseList(line, graph_.order);
}

absl::Status GraphParser::ParseList(GraphLine& line,
                                    std::vector<SectionId>& list) {
  RETURN_IF_ERROR(line.Expect(':'));
  while (!line.at_end()) RETURN_IF_ERROR(line.Read(list.emplace_back()));
  return absl::OkStatus();
}

absl::Status GraphParser::ParseCall(GraphLine& line) {
  CallEdge& call = graph_.calls.emplace_back();
  RETURN_IF_ERROR(line.Read(call.caller_id));
  RETURN_IF_ERROR(line.Read(call.callee_id));
  return ReadAttributes(line, "a call", [&](GraphAttribute& each) {
    each("weight", call.weight);
  });
}

absl::Status GraphParser::ParseSample(GraphLine& line) {
  Sample& sample = graph_.samples.emplace_back();
  RETURN_IF_ERROR(line.Read(sample.section_id));
  return ReadAttributes(line, "a sample", [&](GraphAttribute& each) {
    each("offset", sample.offset);
    each("weight", sample.weight);
  });
}

absl::Status GraphParser::ParseFixup(GraphLine& line) {
  RETURN_IF_ERROR(NeedSection(line));
  constexpr uint64_t kMaxOffset = (uint64_t{1} << 30) - 1;
  Fixup fixup;
  line.TakeToken();
  uint64_t offset = 0;
  const Token offset_token = line.token();
  RETURN_IF_ERROR(line.Read(offset));
  if (offset > kMaxOffset) {
    return line.ErrorIn(offset_token,
                        "no fixup is that far from the beginning");
  }
  fixup.offset = static_cast<uint32_t>(offset & kMaxOffset);

  const Target& target =
      module_id_.has_value() ? *module().target : DefaultTarget();
  std::string rule_name;
  const Token rule_token = line.token();
  RETURN_IF_ERROR(line.Read(rule_name));
  fixup.rule = target.FindRule(Ref(rule_name));
  if (fixup.rule == nullptr) {
    return line.ErrorIn(
        rule_token, absl::StrCat(target.name, " has no ", Quoted(rule_name)));
  }
  RETURN_IF_ERROR(line.Read(fixup.target));
  const bool negative = line.token().Is('-');
  if (negative || line.token().Is('+')) {
    line.TakeToken();
    uint64_t addend = 0;
    RETURN_IF_ERROR(line.Read(addend));
    fixup.addend = static_cast<int64_t>(negative ? -addend : addend);
  }
  if (!line.at_end()) {
    FixupOrigin origin{};
    RETURN_IF_ERROR(line.Read(origin));
    fixup.origin = origin;
  }
  section().fixups.push_back(fixup);
  return absl::OkStatus();
}

absl::Status GraphParser::ParseContents(GraphLine& line) {
  RETURN_IF_ERROR(NeedSection(line));
  std::vector<std::byte>& bytes = section().contents.Mutable();
  const Token offset_token = line.token();
  uint64_t offset = 0;
  RETURN_IF_ERROR(line.Read(offset));
  if (offset != bytes.size()) {
    return line.ErrorIn(offset_token, absl::StrCat("expected the bytes at 0x",
                                                   absl::Hex(bytes.size())));
  }
  RETURN_IF_ERROR(line.Expect(':'));
  if (line.TakeWord("zeros")) {
    const Token count_token = line.token();
    uint64_t count = 0;
    RETURN_IF_ERROR(line.Read(count));
    if (count > kMaxZeros - zeros_) {
      return line.ErrorIn(count_token, "more zeros than are allowed");
    }
    zeros_ += count;
    bytes.resize(bytes.size() + count);
    return absl::OkStatus();
  }
  const Token first = line.token();
  const absl::string_view digits = line.TakeRest();
  return ParseHex(digits, bytes)
             ? absl::OkStatus()
             : line.ErrorIn(first, "expected bytes of two hexadecimal digits");
}

}  // namespace

absl::StatusOr<LinkGraph> ParseGraph(absl::string_view text) {
  ASSIGN_OR_RETURN(GraphDefinitions definitions,
                   GraphDefinitions::Collect(text));
  return GraphParser(std::move(definitions)).Parse(text);
}

}  // namespace relink
