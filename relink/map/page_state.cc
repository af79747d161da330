// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/page_state.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace relink {
namespace {

// "BEGIN-END ...", where a mapping's lines begin.
std::optional<RuntimeRange> ReadHead(absl::string_view line) {
  const absl::string_view word = line.substr(0, line.find(' '));
  const std::vector<absl::string_view> ends = absl::StrSplit(word, '-');
  uint64_t begin = 0;
  uint64_t end = 0;
  if (ends.size() != 2 || !absl::SimpleHexAtoi(ends[0], &begin) ||
      !absl::SimpleHexAtoi(ends[1], &end) || end < begin) {
    return std::nullopt;
  }
  return RuntimeRange{RuntimeAddr(begin), end - begin};
}

// "NAME:   12 kB" in bytes; 0 if it is another line.
uint64_t ReadSize(absl::string_view line, absl::string_view name) {
  uint64_t kibibytes = 0;
  if (!absl::ConsumePrefix(&line, name) ||
      !absl::SimpleAtoi(absl::StripSuffix(line, " kB"), &kibibytes)) {
    return 0;
  }
  return kibibytes << 10;
}

}  // namespace

PageState ParsePageState(absl::string_view smaps, RuntimeRange range) {
  PageState state;
  uint64_t shared = 0;  // Of the present mapping and the range.
  uint64_t resident_left = 0;
  uint64_t huge_left = 0;
  for (const absl::string_view line : absl::StrSplit(smaps, '\n')) {
    if (const auto mapping = ReadHead(line)) {
      const RuntimeAddr begin = std::max(mapping->begin, range.begin);
      const RuntimeAddr end = std::min(mapping->end(), range.end());
      shared = begin < end ? static_cast<uint64_t>(end - begin) : 0;
      resident_left = huge_left = shared;
      continue;
    }
    if (shared == 0) continue;
    const auto add = [](uint64_t size, uint64_t& left, uint64_t& sum) {
      const uint64_t taken = std::min(size, left);
      left -= taken;
      sum += taken;
    };
    add(ReadSize(line, "Rss:"), resident_left, state.resident);
    for (const char* name :
         {"AnonHugePages:", "FilePmdMapped:", "ShmemPmdMapped:"}) {
      add(ReadSize(line, name), huge_left, state.huge);
    }
  }
  return state;
}

std::optional<PageState> ReadPageState(RuntimeRange range) {
  std::ifstream file("/proc/self/smaps");
  if (!file) return std::nullopt;
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return ParsePageState(text, range);
}

}  // namespace relink
