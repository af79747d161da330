// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_RELOCATE_H_
#define RELINK_RELOC_RELOCATE_H_

#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/reloc/apply.h"
#include "relink/reloc/bound_module.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/symbol_binder.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Applies every dynamic relocation of `modules`, which are the bound modules of
// `placed` in the order of their ids. `order` names each once, those that a
// module needs before it: what is copied is relocated by then. Values that only
// ifunc resolvers know are returned in that order, so that a resolver can call
// what its module needs; nothing of any module is executed.
//
// With `context.relocation_handler` every relocation is offered to it; with
// `context.lazy`, jump slots that can wait are left to it, and what they refer
// to need not be defined.
//
// NotFound: lists all undefined symbols.  InvalidArgument, OutOfRange,
// Unimplemented: names module, table, entry, type and symbol.
absl::StatusOr<std::vector<PendingIndirect>> Relocate(
    PlacedGraph& placed, const BindingContext& context,
    std::span<const ModuleId> order);

// Calls the ifunc resolvers of `indirects`, in order, and stores what they
// return. The code must be executable by now.
absl::Status ResolveIndirects(std::span<const PendingIndirect> indirects);

}  // namespace relink

#endif  // RELINK_RELOC_RELOCATE_H_
