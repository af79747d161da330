// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pipeline_text.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Deeper than any units nest, and shallow enough for any stack.
constexpr int kMaxDepth = 16;

constexpr absl::string_view kErrorPayload = "relink/pipeline";

bool IsNameByte(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_' ||
         c == '-' || c == '.';
}

bool IsBareByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != 0x7f &&
         absl::string_view(",<>[]()\"").find(c) == absl::string_view::npos;
}

class Parser {
 public:
  explicit Parser(absl::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<PassText>> ParseAll() {
    ASSIGN_OR_RETURN(std::vector<PassText> passes, ParsePasses(0));
    if (!AtEnd()) return Unexpected("',' or the end");
    return passes;
  }

 private:
  bool AtEnd() {
    SkipSpace();
    return next_ == text_.size();
  }

  void SkipSpace() {
    while (next_ < text_.size() &&
           absl::ascii_isspace(static_cast<unsigned char>(text_[next_]))) {
      ++next_;
    }
  }

  bool Peek(char c) { return !AtEnd() && text_[next_] == c; }

  bool Consume(char c) {
    if (!Peek(c)) return false;
    ++next_;
    return true;
  }

  absl::Status Unexpected(absl::string_view expected) {
    const bool at_end = AtEnd();
    return PipelineError(
        text_, {next_, at_end ? size_t{0} : size_t{1}},
        absl::StrCat("expected ", expected, at_end ? ", not the end" : ""));
  }

  // The bytes from here on for which `belongs` is true.
  template <typename Predicate>
  TextSpan Take(Predicate belongs) {
    SkipSpace();
    const size_t begin = next_;
    while (next_ < text_.size() && belongs(text_[next_])) ++next_;
    return {begin, next_ - begin};
  }

  std::string At(TextSpan span) const {
    return std::string(text_.substr(span.begin, span.size));
  }

  absl::StatusOr<std::vector<PassText>> ParsePasses(int depth) {
    std::vector<PassText> passes;
    if (AtEnd() || Peek(')')) return passes;
    do {
      ASSIGN_OR_RETURN(PassText pass, ParsePass(depth));
      passes.push_back(std::move(pass));
    } while (Consume(','));
    return passes;
  }

  absl::StatusOr<PassText> ParsePass(int depth) {
    PassText pass;
    pass.span = Take(IsNameByte);
    if (pass.span.size == 0) return Unexpected("the name of a pass");
    pass.name = At(pass.span);
    if (Consume('<')) {
      ASSIGN_OR_RETURN(pass.options, ParseOptions());
    }
    const size_t open = next_;
    if (!Consume('(')) return pass;
    if (depth == kMaxDepth) {
      return PipelineError(text_, {open, 1}, "too deep");
    }
    ASSIGN_OR_RETURN(pass.passes, ParsePasses(depth + 1));
    pass.has_passes = true;
    if (!Consume(')')) return Unexpected("',' or ')'");
    return pass;
  }

  absl::StatusOr<std::vector<OptionText>> ParseOptions() {
    std::vector<OptionText> options;
    if (Consume('>')) return options;
    do {
      ASSIGN_OR_RETURN(OptionText option, ParseOption());
      options.push_back(std::move(option));
    } while (Consume(','));
    if (!Consume('>')) return Unexpected("',' or '>'");
    return options;
  }

  absl::StatusOr<OptionText> ParseOption() {
    OptionText option;
    option.name_span = Take(IsNameByte);
    if (option.name_span.size == 0) return Unexpected("the name of an option");
    option.name = At(option.name_span);
    if (!Consume('=')) return option;
    SkipSpace();
    const size_t begin = next_;
    if (Consume('[')) {
      option.form = OptionText::Form::kList;
      RETURN_IF_ERROR(ParseList(option.values));
    } else {
      option.form = OptionText::Form::kValue;
      ASSIGN_OR_RETURN(std::string value, ParseValue("a value"));
      option.values.push_back(std::move(value));
    }
    option.value_span = {begin, next_ - begin};
    return option;
  }

  absl::Status ParseList(std::vector<std::string>& values) {
    if (Consume(']')) return absl::OkStatus();
    do {
      ASSIGN_OR_RETURN(std::string value, ParseValue("a value or ']'"));
      values.push_back(std::move(value));
    } while (Consume(','));
    if (!Consume(']')) return Unexpected("',' or ']'");
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> ParseValue(absl::string_view expected) {
    if (Peek('"')) return ParseQuoted();
    const TextSpan span = Take(IsBareByte);
    if (span.size == 0) return Unexpected(expected);
    return At(span);
  }

  absl::StatusOr<std::string> ParseQuoted() {
    const size_t open = next_++;
    std::string value;
    while (next_ < text_.size() && text_[next_] != '"') {
      if (text_[next_] == '\\') {
        const TextSpan escape = {next_++, 2};
        if (next_ == text_.size() ||
            (text_[next_] != '"' && text_[next_] != '\\')) {
          return PipelineError(text_, escape, R"(expected \" or \\)");
        }
      }
      value += text_[next_++];
    }
    if (next_ == text_.size()) {
      return PipelineError(text_, {open, 1}, "the quote does not end");
    }
    ++next_;
    return value;
  }

  absl::string_view text_;
  size_t next_ = 0;
};

void AppendValue(absl::string_view value, std::string& text) {
  if (!value.empty() && std::ranges::all_of(value, IsBareByte)) {
    text.append(value.data(), value.size());
    return;
  }
  text += '"';
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  text += '"';
}

// Calls `append` with each of `items`, with commas between.
template <typename Items, typename Append>
void AppendJoined(const Items& items, std::string& text, Append append) {
  absl::string_view separator = "";
  for (const auto& item : items) {
    text.append(separator.data(), separator.size());
    append(item, text);
    separator = ",";
  }
}

void AppendOption(const OptionText& option, std::string& text) {
  text += option.name;
  if (option.form == OptionText::Form::kName) return;
  const bool list = option.form == OptionText::Form::kList;
  text += list ? "=[" : "=";
  AppendJoined(option.values, text, AppendValue);
  if (list) text += ']';
}

void AppendPass(const PassText& pass, std::string& text) {
  text += pass.name;
  if (!pass.options.empty()) {
    text += '<';
    AppendJoined(pass.options, text, AppendOption);
    text += '>';
  }
  if (pass.has_passes) {
    text += '(';
    AppendJoined(pass.passes, text, AppendPass);
    text += ')';
  }
}

}  // namespace

absl::StatusOr<std::vector<PassText>> ParsePipelineText(
    absl::string_view text) {
  return Parser(text).ParseAll();
}

std::string PrintPipeline(const std::vector<PassText>& passes) {
  std::string text;
  AppendJoined(passes, text, AppendPass);
  return text;
}

absl::Status PipelineError(absl::string_view text, TextSpan span,
                           absl::string_view message) {
  // What is shown of a long line, before and after the place.
  constexpr size_t kShown = 60;

  const size_t at = std::min(span.begin, text.size());
  const size_t line_number =
      1 + std::count(text.begin(), text.begin() + at, '\n');
  const size_t before = text.substr(0, at).rfind('\n');
  const size_t line_begin = before == absl::string_view::npos ? 0 : before + 1;
  const size_t line_end = std::min(text.find('\n', at), text.size());

  const size_t shown_begin = std::max(line_begin, at - std::min(at, kShown));
  const size_t shown_end = std::min(line_end, at + kShown);
  std::string shown(text.substr(shown_begin, shown_end - shown_begin));
  for (char& c : shown) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) c = ' ';
  }
  const size_t marked =
      std::clamp<size_t>(span.size, 1, std::max<size_t>(shown_end - at, 1));
  absl::Status status = absl::InvalidArgumentError(absl::StrCat(
      "line ", line_number, ", column ", at - line_begin + 1, ": ", message,
      "\n  ", shown, "\n  ", std::string(at - shown_begin, ' '), "^",
      std::string(marked - 1, '~')));
  status.SetPayload(kErrorPayload, absl::Cord());
  return status;
}

bool IsPipelineError(const absl::Status& status) {
  return status.GetPayload(kErrorPayload).has_value();
}

}  // namespace relink
