// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/section_text.h"

#include "absl/strings/str_cat.h"

namespace relink {

std::string SectionText(const LinkGraph& graph, SectionId id) {
  const Section& section = graph.sections[id];
  return section.name.empty() ? absl::StrCat("section ", id.index())
                              : std::string(section.name);
}

std::string AddressText(const Section& section) {
  return section.home == LinkRange()
             ? ""
             : absl::StrCat("0x", absl::Hex(section.home.begin.value()));
}

}  // namespace relink
