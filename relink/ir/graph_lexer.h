// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_LEXER_H_
#define RELINK_IR_GRAPH_LEXER_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace relink {

enum class TokenKind : uint8_t {
  kEnd,          // Of the line; a comment is a part of it.
  kWord,         // Letters, digits, `_.$@/~` and inner dashes.
  kText,         // In quotes.
  kLabel,        // A word after `%`, which is not a part of `text`.
  kNumber,       // Begins with a digit.
  kPunctuation,  // Any other character.
  kUnclosed,     // A text without its second quote, or with a bad escape.
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  // As in the line, but without quotes. Of a text with escapes, what they stand
  // for; then valid until the next one with escapes is read.
  absl::string_view text;
  size_t column = 0;  // From 1.

  bool Is(char punctuation) const {
    return kind == TokenKind::kPunctuation && text[0] == punctuation;
  }
};

// The tokens of one line of a graph's text form. See docs/ir.md. The line must
// outlive it.
class GraphLexer {
 public:
  explicit GraphLexer(absl::string_view line) : line_(line) { Advance(); }
  GraphLexer(const GraphLexer&) = delete;
  GraphLexer& operator=(const GraphLexer&) = delete;

  const Token& token() const { return token_; }
  void Advance();

  // What is between the present token and the end of the line or a comment,
  // taken as it is; then the line is at its end. Not after a text.
  absl::string_view TakeRest();

 private:
  void ReadText();

  absl::string_view line_;
  size_t next_ = 0;
  Token token_;
  std::string unescaped_;
};

// Whether `name` can stand without quotes.
bool IsWord(absl::string_view name);

// `name` as the text form has it: in quotes if it must be.
std::string Quoted(absl::string_view name);

// `text` in quotes, with escapes where they are needed.
std::string InQuotes(absl::string_view text);

}  // namespace relink

#endif  // RELINK_IR_GRAPH_LEXER_H_
