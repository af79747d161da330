// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_lexer.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace relink {
namespace {

bool IsWordCharacter(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '.' || c == '$' || c == '@' || c == '/' || c == '~';
}

// The end of the word that begins at `begin`. A dash belongs to it where a
// letter follows: `jump-table` is a word, `table-4` is one and a number.
size_t EndOfWord(absl::string_view line, size_t begin) {
  size_t end = begin;
  while (end < line.size()) {
    const bool dash =
        line[end] == '-' && end > begin && end + 1 < line.size() &&
        absl::ascii_isalpha(static_cast<unsigned char>(line[end + 1]));
    if (!dash && !IsWordCharacter(line[end])) break;
    ++end;
  }
  return end;
}

// The end of the number that begins at `begin`, or of what begins like one:
// an exponent has a sign.
size_t EndOfNumber(absl::string_view line, size_t begin) {
  const bool hex = line.substr(begin, 2) == "0x";
  size_t end = begin;
  while (end < line.size()) {
    const char c = line[end];
    const bool sign = (c == '+' || c == '-') && !hex &&
                      (line[end - 1] == 'e' || line[end - 1] == 'E');
    if (!sign && c != '.' &&
        !absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      break;
    }
    ++end;
  }
  return end;
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

void GraphLexer::Advance() {
  while (next_ < line_.size() &&
         absl::ascii_isspace(static_cast<unsigned char>(line_[next_]))) {
    ++next_;
  }
  token_ = Token();
  token_.column = next_ + 1;
  if (next_ == line_.size() || line_[next_] == '#') {
    next_ = line_.size();
    return;
  }
  const size_t begin = next_;
  const char c = line_[begin];
  if (c == '"') {
    ReadText();
    return;
  }
  if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
    token_.kind = TokenKind::kNumber;
    next_ = EndOfNumber(line_, begin);
  } else if (IsWordCharacter(c)) {
    token_.kind = TokenKind::kWord;
    next_ = EndOfWord(line_, begin);
  } else if (const size_t end = EndOfWord(line_, begin + 1);
             c == '%' && end > begin + 1) {
    token_.kind = TokenKind::kLabel;
    token_.text = line_.substr(begin + 1, end - begin - 1);
    next_ = end;
    return;
  } else {
    token_.kind = TokenKind::kPunctuation;
    next_ = begin + 1;
  }
  token_.text = line_.substr(begin, next_ - begin);
}

// A text without escapes is a piece of the line.
void GraphLexer::ReadText() {
  const size_t begin = ++next_;
  token_.kind = TokenKind::kUnclosed;
  const size_t special = line_.find_first_of("\"\\", begin);
  if (special == absl::string_view::npos) {
    next_ = line_.size();
    return;
  }
  if (line_[special] == '"') {
    token_.kind = TokenKind::kText;
    token_.text = line_.substr(begin, special - begin);
    next_ = special + 1;
    return;
  }
  unescaped_.clear();
  while (next_ < line_.size() && line_[next_] != '"') {
    char c = line_[next_++];
    if (c == '\\') {
      const absl::string_view escape = line_.substr(next_, 3);
      if (!escape.empty() && (escape[0] == '"' || escape[0] == '\\')) {
        c = escape[0];
        next_ += 1;
      } else if (escape.size() == 3 && escape[0] == 'x' &&
                 HexDigit(escape[1]) >= 0 && HexDigit(escape[2]) >= 0) {
        c = static_cast<char>(16 * HexDigit(escape[1]) + HexDigit(escape[2]));
        next_ += 3;
      } else {
        token_.column = next_;
        next_ = line_.size();
        return;
      }
    }
    unescaped_.push_back(c);
  }
  if (next_ == line_.size()) return;
  ++next_;
  token_.kind = TokenKind::kText;
  token_.text = unescaped_;
}

absl::string_view GraphLexer::TakeRest() {
  const size_t begin = token_.column - 1;
  const absl::string_view rest =
      line_.substr(begin, line_.find('#', begin) - begin);
  next_ = line_.size();
  Advance();
  return rest;
}

bool IsWord(absl::string_view name) {
  return !name.empty() && IsWordCharacter(name[0]) &&
         !absl::ascii_isdigit(static_cast<unsigned char>(name[0])) &&
         EndOfWord(name, 0) == name.size();
}

std::string Quoted(absl::string_view name) {
  return IsWord(name) ? std::string(name) : InQuotes(name);
}

std::string InQuotes(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      absl::StrAppend(&quoted, "\\", absl::string_view(&c, 1));
    } else if (absl::ascii_isprint(static_cast<unsigned char>(c))) {
      quoted.push_back(c);
    } else {
      absl::StrAppend(
          &quoted, "\\x",
          absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad2));
    }
  }
  quoted.push_back('"');
  return quoted;
}

}  // namespace relink
