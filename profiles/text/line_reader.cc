// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/text/line_reader.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

constexpr size_t kFirstWindow = 256;
constexpr size_t kSniffedLines = 10;
// So many bytes of text.
constexpr uint64_t kCheckEvery = 1 << 16;

}  // namespace

absl::StatusOr<std::optional<absl::string_view>> LineReader::Next() {
  in_.Advance(last_size_);
  last_size_ = 0;
  for (size_t size = kFirstWindow;; size *= 4) {
    ASSIGN_OR_RETURN(const ByteView window, in_.Peek(size));
    const absl::string_view text(reinterpret_cast<const char*>(window.data()),
                                 window.size());
    if (text.empty()) return std::nullopt;
    const size_t end = text.find('\n');
    const bool is_last = window.size() < size;
    if (end == absl::string_view::npos && !is_last) {
      if (size >= kMaxLine) {
        ++number_;
        return Malformed(absl::StrCat("more than ", kMaxLine, " bytes"));
      }
      continue;
    }
    ++number_;
    absl::string_view line = text.substr(0, end);
    last_size_ = std::min(line.size() + 1, text.size());
    absl::ConsumeSuffix(&line, "\r");
    return line;
  }
}

absl::Status LineReader::Error(absl::StatusCode code,
                               absl::string_view what) const {
  return absl::Status(
      code, absl::StrCat(in_.name(), ": ", what, " (line ", number_, ")"));
}

absl::Status LineReader::Malformed(absl::string_view what) const {
  return Error(absl::StatusCode::kInvalidArgument, what);
}

absl::Status ReadLines(
    ByteStream in, const Profile& profile,
    absl::FunctionRef<absl::Status(absl::string_view line)> read) {
  LineReader lines(std::move(in));
  uint64_t unchecked = 0;
  while (true) {
    ASSIGN_OR_RETURN(const auto line, lines.Next());
    if (!line) return absl::OkStatus();
    absl::Status status = read(*line);
    unchecked += line->size() + 1;
    if (status.ok() && unchecked >= kCheckEvery) {
      status = profile.CheckSize();
      unchecked = 0;
    }
    if (!status.ok()) return lines.Error(status.code(), status.message());
  }
}

std::vector<absl::string_view> Words(absl::string_view line) {
  return absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
}

std::vector<absl::string_view> FirstLines(ByteView head) {
  const absl::string_view text(reinterpret_cast<const char*>(head.data()),
                               head.size());
  if (text.find('\0') != absl::string_view::npos) return {};
  std::vector<absl::string_view> lines;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    // What the head ends in may go on.
    if (line.end() == text.end() && !lines.empty()) break;
    absl::ConsumeSuffix(&line, "\r");
    if (absl::StripAsciiWhitespace(line).empty() || line[0] == '#') continue;
    lines.push_back(line);
    if (lines.size() == kSniffedLines) break;
  }
  return lines;
}

}  // namespace relink::profiles
