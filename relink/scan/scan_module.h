// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_SCAN_MODULE_H_
#define RELINK_SCAN_SCAN_MODULE_H_

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"

namespace relink {

// Reads what closed loading needs of a module: its program headers and dynamic
// table. Nothing is mapped and nothing of the file is executed. Dependencies
// are named, not resolved.
//
// Holding a `Module` made here proves of its segments that they ascend, do not
// wrap or overlap, lie in the file, are congruent (p_vaddr, p_offset and
// p_align) and are never writable and executable at once; of the TLS, dynamic
// and .eh_frame_hdr ranges that each lies in one segment; and that RELRO begins
// in a writable one.
//
// InvalidArgument: malformed.  OutOfRange: truncated.  Unimplemented: a machine
// or construct that Relink does not load. Messages start with the source's
// name.
absl::StatusOr<Module> ScanModule(ModuleSource source);

}  // namespace relink

#endif  // RELINK_SCAN_SCAN_MODULE_H_
