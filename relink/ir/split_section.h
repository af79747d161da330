// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_SPLIT_SECTION_H_
#define RELINK_IR_SPLIT_SECTION_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/section.h"
#include "relink/support/address.h"
#include "relink/support/large_vector.h"

namespace relink {

// What one part of a section is to be.
struct SectionPart {
  // With what follows only to fill: no symbol, and no fixup, is in that.
  LinkRange home;
  uint64_t size = 0;  // How much of that it has: at most home.size.
  SectionKind kind = SectionKind::kFunction;
  absl::string_view name;
  LinkRange fde;
  absl::string_view pinned;
  LinkAddr pinned_at;
  bool address_kept = false;
  bool reached = false;
  bool can_lead = false;
  bool jumps_back = false;
};

// Where to cut a section: its parts, ascending, which cover all of it.
struct SectionCut {
  SectionId section_id;
  LargeVector<SectionPart> parts;
};

// The address, as the file has it, that a fixup leads to; 0 if that is in no
// section. It is S + A, but for a PC-relative one in code, whose addend
// includes the distance to the end of its instruction: then it is that or up to
// four bytes more, as there may be an immediate behind the field; but for a
// switch's table, whose entries count from its beginning. (So
// OpenModule has references to code refer to the function, or to the place, by
// a symbol.)
LinkAddr HomeTarget(const LinkGraph& graph, const Section& section,
                    const Fixup& fixup);

// Whether a section was cut from a function, which is then `split` itself.
bool IsPartOfFunction(const LinkGraph& graph, const Section& section);

// Cuts sections, none of which was cut before, into children, which take their
// place in the graph's order; returns the children, section by section.
//
// Symbols move to the child that has them, and one without a name at the
// beginning of a child becomes that child's own. Symbols at the end of a child
// belong to the next. Fixups move to the child that has their place; those that
// referred to a section by its own symbol now refer to the child that has their
// HomeTarget, by its own. Contents are views of the section's. Samples go
// along, calls go from and to the first child.
//
// Children are aligned as the section, but no more than their home is, and no
// more than a cache line. Takes time in proportion to the graph.
std::vector<SectionId> SplitSections(LinkGraph& graph,
                                     std::vector<SectionCut> cuts);

}  // namespace relink

#endif  // RELINK_IR_SPLIT_SECTION_H_
