// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_APPLY_FIXUPS_H_
#define RELINK_RELOC_APPLY_FIXUPS_H_

#include "absl/status/status.h"
#include "relink/reloc/symbol_binder.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Gives every reference of an opened module its value: each fixup of a section
// that was placed, and those of sections that stayed which refer to something
// that moved. Dynamic ones are not among them: Relocate applies their table.
// Originals that lead to their copies become jumps. A reference to a function
// of another module that is out of reach goes to its stub.
//
// ResourceExhausted: code that counts from the thread pointer needs static TLS,
// and there is none left. OutOfRange: "libfoo.so: f+0x12: R_X86_64_PC32 against
// g: value does not fit in its field".  NotFound: an undefined symbol that a
// pass referred to. Unimplemented: a rule that is only for dynamic relocations.
absl::Status ApplyFixups(PlacedGraph& placed, const BindingContext& context);

}  // namespace relink

#endif  // RELINK_RELOC_APPLY_FIXUPS_H_
