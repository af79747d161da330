// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/named_sections.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <variant>

#include "absl/container/flat_hash_map.h"

namespace relink {

// Goes back to the last star only, which is enough: an earlier one took the
// first place that matched.
bool Matches(absl::string_view pattern, absl::string_view text) {
  size_t p = 0;
  size_t t = 0;
  size_t star = absl::string_view::npos;
  size_t after_star = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after_star = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != absl::string_view::npos) {
      p = star + 1;
      t = ++after_star;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == absl::string_view::npos;
}

std::vector<std::vector<SectionId>> SectionsNamed(
    const LinkGraph& graph, std::span<const std::string> patterns) {
  std::vector<std::vector<SectionId>> named(patterns.size());
  absl::flat_hash_map<absl::string_view, std::vector<size_t>> exact;
  std::vector<size_t> globs;
  for (size_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i].find('*') == std::string::npos) {
      exact[patterns[i]].push_back(i);
    } else {
      globs.push_back(i);
    }
  }
  const auto take = [&](absl::string_view name, SectionId id) {
    if (name.empty() || !graph.sections[id].live()) return;
    if (const auto found = exact.find(name); found != exact.end()) {
      for (const size_t i : found->second) named[i].push_back(id);
    }
    for (const size_t i : globs) {
      if (Matches(patterns[i], name)) named[i].push_back(id);
    }
  };
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    take(graph.sections[SectionId(i)].name, SectionId(i));
  }
  for (const Symbol& symbol : graph.symbols) {
    if (const auto* place = std::get_if<InSection>(&symbol.definition)) {
      take(symbol.name, place->section_id);
    }
  }
  for (std::vector<SectionId>& ids : named) {
    std::ranges::sort(ids);
    const auto twice = std::ranges::unique(ids);
    ids.erase(twice.begin(), twice.end());
  }
  return named;
}

}  // namespace relink
