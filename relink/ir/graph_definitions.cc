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

absl::Status GraphDefinitions::Names::Define(GraphLexer& lexer, size_t line,
                                             ModuleId from) {
  const Entry entry = {count++, line};
  const Token token = lexer.token();
  if (token.kind == TokenKind::kLabel) {
    const auto [found, added] =
        by_label.try_emplace(std::string(token.text), entry);
    if (!added) {
      return ErrorAt(
          line, token.column,
          absl::StrCat("label %", token.text, " is defined already in line ",
                       found->second.line));
    }
    if (!FindAttribute(lexer, "name")) return absl::OkStatus();
  }
  if (!IsName(lexer.token())) return absl::OkStatus();
  const std::string name(lexer.token().text);
  const auto add = [&](auto& entries, auto key) {
    const auto [found, added] = entries.try_emplace(std::move(key), entry);
    if (!added) found->second.again = true;
  };
  add(by_name, name);
  add(by_own_name, std::pair(from.index(), name));
  return absl::OkStatus();
}

absl::StatusOr<uint32_t> GraphDefinitions::Names::Only(const Entry& entry,
                                                       absl::string_view kind,
                                                       absl::string_view name) {
  if (!entry.again) return entry.index;
  const std::string shown = Quoted(name);
  return absl::InvalidArgumentError(
      absl::StrCat("more than one ", kind, " ", shown,
                   ": refer to it by a label (as in line ", entry.line,
                   ": %label name=", shown, ")"));
}

absl::StatusOr<uint32_t> GraphDefinitions::Names::Find(
    const Token& token, absl::string_view kind) const {
  const bool label = token.kind == TokenKind::kLabel;
  const auto& entries = label ? by_label : by_name;
  const auto found = entries.find(std::string(token.text));
  if (found != entries.end()) return Only(found->second, kind, token.text);
  return absl::InvalidArgumentError(
      absl::StrCat("no ", kind, " ", label ? "%" : "",
                   label ? std::string(token.text) : Quoted(token.text)));
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
    RETURN_IF_ERROR(sections_.Define(lexer, number, from_));
    GraphLexer attributes(line);
    own_.push_back(FindAttribute(attributes, "symbol") ? SymbolId()
                                                       : SymbolId(0));
    return absl::OkStatus();
  }
  if (keyword == "module") {
    from_ = ModuleId(modules_.count);
    return modules_.Define(lexer, number, ModuleId());
  }
  if (keyword == "in") {
    // What is wrong with it is said when it is parsed.
    const bool found = Find(lexer.token(), from_).ok();
    if (!found) from_ = ModuleId();
  }
  if (keyword == "arena") return arenas_.Define(lexer, number, from_);
  if (keyword == "symbol" || keyword == "undefined" || keyword == "external") {
    return symbols_.Define(lexer, number, from_);
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

absl::Status GraphDefinitions::Find(const Token& token, ModuleId from,
                                    SymbolId& id) const {
  const auto own = symbols_.by_own_name.find(
      std::pair(from.index(), std::string(token.text)));
  const bool is_own =
      token.kind != TokenKind::kLabel && own != symbols_.by_own_name.end();
  ASSIGN_OR_RETURN(const uint32_t index,
                   is_own ? Names::Only(own->second, "symbol", token.text)
                          : symbols_.Find(token, "symbol"));
  id = SymbolId(index);
  return absl::OkStatus();
}

absl::Status GraphDefinitions::Find(const Token& token, ArenaId& id) const {
  ASSIGN_OR_RETURN(const uint32_t index, arenas_.Find(token, "arena"));
  id = ArenaId(index);
  return absl::OkStatus();
}

}  // namespace relink
