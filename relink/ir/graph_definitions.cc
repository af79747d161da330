// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_definitions.h"

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

bool IsName(const Token& token) {
  return token.kind == TokenKind::kWord || token.kind == TokenKind::kText;
}

// Whether the rest of the line has the attribute `name`; then the token is its
// value.
bool FindAttribute(GraphLexer& lexer, absl::string_view name) {
  while (lexer.token().kind != TokenKind::kEnd) {
    const bool found =
        lexer.token().kind == TokenKind::kWord && lexer.token().text == name;
    lexer.Advance();
    if (found && lexer.token().Is('=')) {
      lexer.Advance();
      return true;
    }
  }
  return false;
}

}  // namespace

absl::Status ErrorAt(size_t line, size_t column, absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("line ", line, ", column ", column, ": ", what));
}

absl::Status GraphDefinitions::Names::Define(GraphLexer& lexer, size_t line) {
  const uint32_t index = count++;
  const Token token = lexer.token();
  if (token.kind == TokenKind::kLabel) {
    const auto [entry, added] =
        by_label.try_emplace(std::string(token.text), Entry{index, line});
    if (!added) {
      return ErrorAt(
          line, token.column,
          absl::StrCat("label %", token.text, " is defined already in line ",
                       entry->second.line));
    }
    if (!FindAttribute(lexer, "name")) return absl::OkStatus();
  }
  if (IsName(lexer.token())) {
    const auto [entry, added] = by_name.try_emplace(
        std::string(lexer.token().text), Entry{index, line});
    if (!added) entry->second.again = true;
  }
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> GraphDefinitions::Names::Find(
    const Token& token, absl::string_view kind) const {
  const bool label = token.kind == TokenKind::kLabel;
  const auto& entries = label ? by_label : by_name;
  const auto found = entries.find(std::string(token.text));
  const std::string shown =
      label ? absl::StrCat("%", token.text) : Quoted(token.text);
  if (found == entries.end()) {
    return absl::InvalidArgumentError(absl::StrCat("no ", kind, " ", shown));
  }
  if (found->second.again) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than one ", kind, " ", shown,
                     ": refer to it by a label (as in line ",
                     found->second.line, ": %label name=", shown, ")"));
  }
  return found->second.index;
}

absl::StatusOr<GraphDefinitions> GraphDefinitions::Collect(
    absl::string_view text) {
  GraphDefinitions definitions;
  RETURN_IF_ERROR(ForEachLine(text, [&](absl::string_view line, size_t number) {
    return definitions.CollectLine(line, number);
  }));
  // Symbols with lines of their own come first.
  uint32_t next = definitions.symbols_.count;
  for (SymbolId& id : definitions.own_) {
    if (id.has_value()) id = SymbolId(next++);
  }
  return definitions;
}

absl::Status GraphDefinitions::CollectLine(absl::string_view line,
                                           size_t number) {
  GraphLexer lexer(line);
  if (lexer.token().kind != TokenKind::kWord) return absl::OkStatus();
  const absl::string_view keyword = lexer.token().text;
  lexer.Advance();
  if (keyword == "section") {
    RETURN_IF_ERROR(sections_.Define(lexer, number));
    GraphLexer attributes(line);
    own_.push_back(FindAttribute(attributes, "symbol") ? SymbolId()
                                                       : SymbolId(0));
    return absl::OkStatus();
  }
  if (keyword == "module") return modules_.Define(lexer, number);
  if (keyword == "arena") return arenas_.Define(lexer, number);
  if (keyword == "symbol" || keyword == "undefined" || keyword == "external") {
    return symbols_.Define(lexer, number);
  }
  return absl::OkStatus();
}

absl::Status GraphDefinitions::Find(const Token& token, ModuleId& id) const {
  ASSIGN_OR_RETURN(const uint32_t index, modules_.Find(token, "module"));
  id = ModuleId(index);
  return absl::OkStatus();
}

absl::Status GraphDefinitions::Find(const Token& token, SectionId& id) const {
  ASSIGN_OR_RETURN(const uint32_t index, sections_.Find(token, "section"));
  id = SectionId(index);
  return absl::OkStatus();
}

absl::Status GraphDefinitions::Find(const Token& token, SymbolId& id) const {
  ASSIGN_OR_RETURN(const uint32_t index, symbols_.Find(token, "symbol"));
  id = SymbolId(index);
  return absl::OkStatus();
}

absl::Status GraphDefinitions::Find(const Token& token, ArenaId& id) const {
  ASSIGN_OR_RETURN(const uint32_t index, arenas_.Find(token, "arena"));
  id = ArenaId(index);
  return absl::OkStatus();
}

}  // namespace relink
