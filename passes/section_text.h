// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_SECTION_TEXT_H_
#define RELINK_PASSES_SECTION_TEXT_H_

#include <string>

#include "relink/ir/link_graph.h"

namespace relink {

// What remarks and printed analyses call a section: its name, or "section 12".
std::string SectionText(const LinkGraph& graph, SectionId id);

// Where the file has it, as "0x1040"; empty if it does not.
std::string AddressText(const Section& section);

}  // namespace relink

#endif  // RELINK_PASSES_SECTION_TEXT_H_
