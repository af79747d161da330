// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_UNWIND_INDEX_H_
#define RELINK_RUN_UNWIND_INDEX_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Makes room for an .eh_frame_hdr of the table that AddUnwindTables made, by
// which an unwinder finds records without reading all; the table has
// `other_records` besides those of functions that moved. Nothing if there is no
// table. For right after it.
std::optional<SectionId> AddUnwindIndex(LinkGraph& graph,
                                        uint64_t other_records = 0);

// Fills it in, once the table's fixups are applied. InvalidArgument,
// OutOfRange: a record cannot be read, or lies too far away.
absl::Status FillUnwindIndex(PlacedGraph& placed, SectionId index_id);

}  // namespace relink

#endif  // RELINK_RUN_UNWIND_INDEX_H_
