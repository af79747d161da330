// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LAYOUT_PLACE_SECTIONS_H_
#define RELINK_LAYOUT_PLACE_SECTIONS_H_

#include "absl/status/status.h"
#include "relink/ir/link_graph.h"
#include "relink/layout/layout.h"

namespace relink {

// The part of PlanLayout that gives sections their places: appends the arenas
// of `graph` to `reservation`, one of those of `layout`, which has an entry for
// each section.
absl::Status PlaceSections(const LinkGraph& graph, uint32_t reservation,
                           Layout& layout);

// Whether a fixup of a section that stays where it is gets another value,
// because what it refers to moved. Branches are left alone: what they lead to
// is still there.
bool IsRedirected(const LinkGraph& graph, const Layout& layout,
                  const Fixup& fixup);

}  // namespace relink

#endif  // RELINK_LAYOUT_PLACE_SECTIONS_H_
