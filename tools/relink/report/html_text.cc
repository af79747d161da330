// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/html_text.h"

#include <array>

#include "absl/debugging/internal/demangle.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/support/utf8.h"

namespace relink::tools {
namespace {

constexpr absl::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD.
constexpr absl::string_view kEllipsis = "\xe2\x80\xa6";     // U+2026.

bool IsControl(char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7f; }

}  // namespace

std::string Escaped(absl::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const size_t length = Utf8SequenceLength(text);
    const char c = text[0];
    if (length == 0 || IsControl(c)) {
      absl::StrAppend(&escaped, kReplacement);
    } else if (c == '&') {
      escaped += "&amp;";
    } else if (c == '<') {
      escaped += "&lt;";
    } else if (c == '>') {
      escaped += "&gt;";
    } else if (c == '"') {
      escaped += "&quot;";
    } else if (c == '\'') {
      escaped += "&#39;";
    } else {
      escaped.append(text.data(), length);
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return escaped;
}

std::string Shortened(absl::string_view text, size_t most) {
  if (text.size() <= most) return std::string(text);
  // Not in the middle of a character.
  while (most > 0 && (static_cast<uint8_t>(text[most]) & 0xc0) == 0x80) --most;
  return absl::StrCat(text.substr(0, most), kEllipsis);
}

std::string Grouped(uint64_t number) {
  const std::string digits = absl::StrCat(number);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string Bytes(double bytes) {
  constexpr std::array<absl::string_view, 4> kUnits = {"B", "KiB", "MiB",
                                                       "GiB"};
  size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  // Three figures say enough.
  const int decimals = unit == 0 || bytes >= 100 ? 0 : 1;
  return absl::StrFormat("%.*f %s", decimals, bytes, kUnits[unit]);
}

std::string Percent(double part) {
  if (part > 0 && part < 0.0005) return "<0.1%";
  return absl::StrFormat("%.1f%%", 100 * part);
}

// Abseil's demangler, as it takes no more time and memory than a name is worth:
// one may be made to be expanded without end.
std::string Demangled(absl::string_view symbol) {
  std::array<char, 1024> text;
  const std::string mangled(symbol);
  return absl::debugging_internal::Demangle(mangled.c_str(), text.data(),
                                            static_cast<int>(text.size()))
             ? text.data()
             : mangled;
}

}  // namespace relink::tools
