// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_line.h"

#include <charconv>
#include <limits>
#include <system_error>
#include <type_traits>

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

std::string Shown(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return "the end of the line";
    case TokenKind::kUnclosed:
      return "a text that does not end or has a bad escape";
    case TokenKind::kText:
      return InQuotes(token.text);
    case TokenKind::kLabel:
      return absl::StrCat("'%", token.text, "'");
    case TokenKind::kWord:
    case TokenKind::kNumber:
    case TokenKind::kPunctuation:
      return absl::StrCat("'", token.text, "'");
  }
  return "";
}

// The whole of `text` as an unsigned number, decimal or 0x and hexadecimal.
template <typename T>
bool ParseNumber(absl::string_view text, T& value) {
  const bool hex = text.substr(0, 2) == "0x";
  const char* begin = text.data() + (hex ? 2 : 0);
  const char* end = text.data() + text.size();
  const auto done = std::from_chars(begin, end, value, hex ? 16 : 10);
  return done.ec == std::errc() && done.ptr == end;
}

}  // namespace

bool GraphLine::Take(char punctuation) {
  if (!token().Is(punctuation)) return false;
  lexer_.Advance();
  return true;
}

bool GraphLine::TakeWord(absl::string_view word) {
  if (token().kind != TokenKind::kWord || token().text != word) return false;
  lexer_.Advance();
  return true;
}

Token GraphLine::TakeToken() {
  const Token taken = token();
  lexer_.Advance();
  return taken;
}

absl::Status GraphLine::Expect(char punctuation) {
  if (Take(punctuation)) return absl::OkStatus();
  return Expected(absl::StrCat("'", absl::string_view(&punctuation, 1), "'"));
}

absl::Status GraphLine::ExpectEnd() {
  return at_end() ? absl::OkStatus() : Expected("the end of the line");
}

absl::Status GraphLine::Expected(absl::string_view what) const {
  return ErrorIn(token(),
                 absl::StrCat("expected ", what, ", found ", Shown(token())));
}

absl::Status GraphLine::ErrorIn(const Token& token,
                                absl::string_view what) const {
  return ErrorAt(number_, token.column, what);
}

absl::Status GraphLine::Read(uint64_t& value) {
  if (token().kind != TokenKind::kNumber || !ParseNumber(token().text, value)) {
    return Expected("a number of 64 bits");
  }
  lexer_.Advance();
  return absl::OkStatus();
}

absl::Status GraphLine::Read(uint32_t& value) {
  if (token().kind != TokenKind::kNumber || !ParseNumber(token().text, value)) {
    return Expected("a number of 32 bits");
  }
  lexer_.Advance();
  return absl::OkStatus();
}

absl::Status GraphLine::Read(uint8_t& value) {
  if (token().kind != TokenKind::kNumber || !ParseNumber(token().text, value)) {
    return Expected("a number of 8 bits");
  }
  lexer_.Advance();
  return absl::OkStatus();
}

absl::Status GraphLine::Read(double& value) {
  const bool negative = Take('-');
  const absl::string_view text = token().text;
  const char* end = text.data() + text.size();
  const auto done = std::from_chars(text.data(), end, value);
  if (token().kind != TokenKind::kNumber || done.ec != std::errc() ||
      done.ptr != end) {
    return Expected("a number");
  }
  if (negative) value = -value;
  lexer_.Advance();
  return absl::OkStatus();
}

absl::Status GraphLine::Read(std::string& name) {
  if (token().kind != TokenKind::kWord && token().kind != TokenKind::kText) {
    return Expected("a name");
  }
  name = std::string(token().text);
  lexer_.Advance();
  return absl::OkStatus();
}

absl::Status GraphLine::Read(absl::string_view& name) {
  std::string text;
  RETURN_IF_ERROR(Read(text));
  name = text.empty() ? absl::string_view() : graph_.KeepName(std::move(text));
  return absl::OkStatus();
}

absl::Status GraphLine::Read(elf::Dynamic::Span& span) {
  RETURN_IF_ERROR(Read(span.addr));
  RETURN_IF_ERROR(Expect('+'));
  return Read(span.size);
}

absl::Status GraphLine::Read(HomeText& home) {
  home.given = true;
  RETURN_IF_ERROR(Read(home.begin));
  home.has_size = Take('+');
  return home.has_size ? Read(home.size) : absl::OkStatus();
}

absl::Status GraphLine::Read(ExternalId& id) {
  uint32_t index = 0;
  RETURN_IF_ERROR(Read(index));
  id = ExternalId(index);
  return absl::OkStatus();
}

absl::Status GraphLine::Read(SymbolId& id) {
  if (!Take('[')) return ReadReference(id);
  const Token name = token();
  SectionId section_id;
  RETURN_IF_ERROR(ReadReference(section_id));
  id =
      section_id.has_value() ? definitions_.own_symbol(section_id) : SymbolId();
  if (!id.has_value()) {
    return ErrorIn(name, "no section with a symbol of its own");
  }
  return Expect(']');
}

template <typename IdType>
absl::Status GraphLine::ReadReference(IdType& id) {
  if (TakeWord("none")) {
    id = IdType();
    return absl::OkStatus();
  }
  if (token().kind != TokenKind::kWord && token().kind != TokenKind::kText &&
      token().kind != TokenKind::kLabel) {
    return Expected("a name or label");
  }
  absl::Status found;
  if constexpr (std::is_same_v<IdType, SymbolId>) {
    found = definitions_.Find(token(), from_, id);
  } else {
    found = definitions_.Find(token(), id);
  }
  if (!found.ok()) return ErrorIn(token(), found.message());
  lexer_.Advance();
  return absl::OkStatus();
}

template absl::Status GraphLine::ReadReference(ModuleId& id);
template absl::Status GraphLine::ReadReference(SectionId& id);
template absl::Status GraphLine::ReadReference(ArenaId& id);

absl::Status GraphAttribute::status(absl::string_view what) const {
  if (!found_) {
    return line_.ErrorIn(
        name_, absl::StrCat("'", name_.text, "' is no attribute of ", what,
                            has_value_ ? " with a value" : ""));
  }
  return status_;
}

}  // namespace relink
