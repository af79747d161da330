// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_RETAINED_DISTANCES_H_
#define RELINK_SCAN_RETAINED_DISTANCES_H_

#include <vector>

#include "relink/ir/link_graph.h"
#include "relink/scan/code_map.h"
#include "relink/scan/reference_targets.h"
#include "relink/scan/section_index.h"
#include "relink/support/address.h"

namespace relink {

// Finds out what the retained PC-relative fixups in data lead to, if that is
// code. What is stored is a distance; the relocation makes it one from its own
// place, but in a switch's table it counts from the table's beginning. So the
// entries from an address that code takes on count from there, if then each
// leads to an instruction. Other distances count from their place, and must
// lead to the beginning of a function.
//
// Has these fixups refer to the functions, marks in `code` what they enter, and
// returns whether all are certain. `taken` are the addresses that code takes,
// in any order. To be called once all code is decoded.
bool ResolveRetainedDistances(LinkGraph& graph, const SectionIndex& sections,
                              std::vector<LinkAddr> taken, CodeMap& code,
                              ReferenceTargets& references);

}  // namespace relink

#endif  // RELINK_SCAN_RETAINED_DISTANCES_H_
