// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_VERIFY_GRAPH_H_
#define RELINK_IR_VERIFY_GRAPH_H_

#include "absl/status/status.h"
#include "relink/ir/link_graph.h"

namespace relink {

// What holds of a graph between passes:
//
// Ids name what is there, and what a header of this folder says is so: segments
// and functions ascend apart from each other, a module has no more in the graph
// than its depth says, and is placed as its capability allows.
// Sections: an alignment is a power of two; contents are no more than the size;
// the children of a split one cover it, each byte once; a jump table has an
// owner; a live one has a symbol without a name at its beginning.
// Fixups lie in their section, ascend, do not overlap, have a rule of the
// module's target, and refer to what is live.
// Symbols lie in their section; what others may ask for is live.
// Placement: what is pinned, or dead, is in no arena; an arena has sections of
// its class; a jump table and its owner are both in one, or both at home.
// Order: each live section of an opened module once, and nothing else.
// What `follows` another section is behind it in the file and in its arena.
// Calls: each pair once, none with a weight below 0.
// Samples ascend, lie in their section, none has a weight below 0.
//
// Internal, for the first that does not hold: "libfoo.so: .text: fixup 3 at
// 0x12: reaches past the end of the section". Takes time in proportion to the
// graph, but for sorting children and calls.
absl::Status VerifyGraph(const LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_IR_VERIFY_GRAPH_H_
