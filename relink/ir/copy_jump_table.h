// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_COPY_JUMP_TABLE_H_
#define RELINK_IR_COPY_JUMP_TABLE_H_

#include "relink/ir/function.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/section.h"

namespace relink {

// Adds a copy of a switch's table to the graph, as a section that goes where
// its function goes, at the end of the order. `owner_id` is the section that
// was made of the function `table.function` of its module: it refers to the
// copy from then on. The table that the file has stays as it is, and leads to
// where the file has the function.
//
// No id, and nothing changes: the table is in no section of the module, an
// entry leads out of the function, or there is no reference where
// `table.reference` says. That never is so for what OpenModule found.
SectionId CopyJumpTable(LinkGraph& graph, const JumpTable& table,
                        SectionId owner_id);

}  // namespace relink

#endif  // RELINK_IR_COPY_JUMP_TABLE_H_
