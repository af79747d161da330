// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OPEN_FUNCTIONS_H_
#define RELINK_SCAN_OPEN_FUNCTIONS_H_

#include <span>

#include "relink/ir/link_graph.h"
#include "relink/scan/file_parts.h"
#include "relink/scan/plan_sections.h"
#include "relink/scan/section_index.h"
#include "relink/scan/wanted_functions.h"

namespace relink {

// Adds to the graph what OpenDepth::kFunctions says of a module whose sections,
// symbols and fixups are there; with `wanted`, unless it is null, what
// OpenFunctionsAt says, which needs no fixups. Nothing in a file makes it fail.
template <class E>
void OpenFunctions(LinkGraph& graph, ModuleId id, const FileParts<E>& parts,
                   std::span<const PlannedSection> plan,
                   const SectionIndex& sections, const WantedFunctions* wanted);

extern template void OpenFunctions(LinkGraph&, ModuleId,
                                   const FileParts<elf::Elf64Le>&,
                                   std::span<const PlannedSection>,
                                   const SectionIndex&, const WantedFunctions*);

}  // namespace relink

#endif  // RELINK_SCAN_OPEN_FUNCTIONS_H_
