// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_LEAD_REFERENCES_H_
#define RELINK_EMIT_LEAD_REFERENCES_H_

#include "absl/status/status.h"
#include "relink/emit/header_room.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Leads what the dynamic linker will read of the module to functions that
// moved, as loading does with the values that it computes: addends of dynamic
// relocations, the words of DT_RELR, dynamic symbols, DT_INIT and DT_FINI; and
// to what gave way to program headers.
//
// The module must lie at its link addresses, with all segments writable.
// InvalidArgument, OutOfRange: a table is malformed.  Unimplemented: DT_REL.
// FailedPrecondition: code that moved has a dynamic relocation.
absl::Status LeadReferences(PlacedGraph& placed, ModuleId id,
                            const HeaderRoom& room);

// Says of each word that a dynamic relocation will write that nobody knows yet
// what it will be.
absl::Status MarkUnbound(PlacedGraph& placed, ModuleId id);

}  // namespace relink

#endif  // RELINK_EMIT_LEAD_REFERENCES_H_
