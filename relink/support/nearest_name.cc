// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/nearest_name.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace relink {
namespace {

// Insertions, deletions and replacements that turn `a` into `b` (Levenshtein).
size_t EditDistance(absl::string_view a, absl::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 0; i < a.size(); ++i) {
    size_t diagonal = std::exchange(row[0], i + 1);
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

absl::string_view NearestName(absl::string_view word,
                              const std::vector<std::string>& names) {
  absl::string_view nearest;
  size_t least = SIZE_MAX;
  for (const std::string& name : names) {
    // A word cut short is as near as a typing error.
    const bool prefix = word.size() >= 2 && absl::StartsWith(name, word);
    const size_t allowed = std::max<size_t>(1, name.size() / 3);
    if (!prefix && word.size() > name.size() + allowed) continue;
    const size_t distance = prefix ? 1 : EditDistance(word, name);
    if (distance <= allowed && distance < least) {
      least = distance;
      nearest = name;
    }
  }
  return nearest;
}

std::string Suggestion(absl::string_view word,
                       const std::vector<std::string>& names) {
  const absl::string_view nearest = NearestName(word, names);
  if (nearest.empty()) return "";
  return absl::StrCat("; did you mean ", nearest, "?");
}

}  // namespace relink
