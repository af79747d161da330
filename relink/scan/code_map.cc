// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/code_map.h"

#include <algorithm>
#include <bit>

namespace relink {

uint32_t ByteMarks::FindFirst(uint32_t begin, uint32_t end,
                              const ByteMarks* but) const {
  if (begin >= end) return end;
  uint64_t mask = ~uint64_t{0} << begin % 64;
  for (uint32_t i = begin / 64; i <= (end - 1) / 64; ++i) {
    uint64_t word = words_[i] & mask;
    if (but != nullptr) word &= ~but->words_[i];
    mask = ~uint64_t{0};
    if (word == 0) continue;
    const uint32_t at = i * 64 + static_cast<uint32_t>(std::countr_zero(word));
    return std::min(at, end);
  }
  return end;
}

CodeSection::CodeSection(uint32_t number, LinkRange home,
                         std::span<const std::byte> bytes,
                         std::span<const Function> functions,
                         uint32_t first_function)
    : starts(home.size),
      entries(home.size),
      number_(number),
      home_(home),
      bytes_(bytes) {
  units_.reserve(2 * functions.size() + 1);
  uint32_t end = 0;
  for (const Function& function : functions) {
    const uint32_t begin = OffsetOf(function.range.begin);
    if (begin != end) units_.push_back({end, CodeUnit::kNoFunction});
    units_.push_back({begin, first_function++});
    end = OffsetOf(function.range.end());
  }
  if (end != home.size) units_.push_back({end, CodeUnit::kNoFunction});
  pages_.reserve(home.size / kPage + 1);
  uint32_t unit = 0;
  for (uint64_t at = 0; at < home.size; at += kPage) {
    while (EndOf(unit) <= at) ++unit;
    pages_.push_back(unit);
  }
}

CodeSection* CodeMap::Find(LinkAddr address) {
  const auto after =
      std::upper_bound(sections_.begin(), sections_.end(), address,
                       [](LinkAddr a, const CodeSection& section) {
                         return a < section.home().begin;
                       });
  if (after == sections_.begin()) return nullptr;
  CodeSection& section = *(after - 1);
  return section.home().Contains(address) ? &section : nullptr;
}

}  // namespace relink
