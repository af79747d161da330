// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_fields.h"

#include <algorithm>

namespace relink {

std::vector<std::vector<SectionId>> OutputSections(const LinkGraph& graph) {
  std::vector<std::vector<SectionId>> by_module(graph.modules.size());
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (section.kind == SectionKind::kOutput &&
        section.module_id.index() < by_module.size()) {
      by_module[section.module_id.index()].push_back(SectionId(i));
    }
  }
  for (std::vector<SectionId>& sections : by_module) {
    std::ranges::stable_sort(sections, {}, [&](SectionId id) {
      return graph.sections[id].home.begin;
    });
  }
  return by_module;
}

}  // namespace relink
