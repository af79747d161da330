// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_KEEP_UNWIND_RECORDS_H_
#define RELINK_EMIT_KEEP_UNWIND_RECORDS_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"

namespace relink {

// Puts the records of the module's .eh_frame in front of those that
// AddUnwindTables made, so that one table is about all code of the file: a
// debugger reads no more than one. Returns how many FDEs it added; 0 if no
// table was made. For right after AddUnwindTables.
//
// InvalidArgument, OutOfRange, Unimplemented: a record cannot be read, or has
// an address that only a dynamic relocation makes right.
absl::StatusOr<uint64_t> KeepUnwindRecords(LinkGraph& graph, ModuleId id);

}  // namespace relink

#endif  // RELINK_EMIT_KEEP_UNWIND_RECORDS_H_
