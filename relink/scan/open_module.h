// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OPEN_MODULE_H_
#define RELINK_SCAN_OPEN_MODULE_H_

#include "absl/status/status.h"
#include "relink/ir/link_graph.h"
#include "relink/scan/wanted_functions.h"

namespace relink {

// Brings what `depth` says of a module into the graph, unless it is there
// already; nothing is mapped or run. What it adds:
//
// kSections    A section for each that is loaded (SHF_ALLOC), or for each
//              segment where there are no usable section headers.
// kSymbols     A symbol for each of DT_SYMTAB and, if there is one, .symtab.
// kFixups      A fixup for each dynamic relocation, and for each that the
//              static linker retained outside of code.
// kFunctions   `Module::functions` and `jump_tables`, and a fixup for each
//              reference in code. Says of each function whether it may move,
//              and raises the module's capability to what that earns.
//
// What is malformed or not understood is no error: the functions concerned are
// pinned, with the reason. InvalidArgument, OutOfRange: a table that the
// section headers name is malformed, as "libfoo.so: .rela.text: ...", and the
// module stays as it was.
absl::Status OpenModule(LinkGraph& graph, ModuleId id, OpenDepth depth);

// Brings a closed module's sections and symbols into the graph, and of its
// functions those that are `wanted`: as OpenDepth::kFunctions does, but with no
// other fixups. So a module of which little runs is opened in a fraction of the
// time. What the rest of its code may do with the functions is guessed from its
// bytes, to be on the safe side: Function::address_kept, can_lead.
//
// FailedPrecondition: it is open already. Otherwise as OpenModule.
absl::Status OpenFunctionsAt(LinkGraph& graph, ModuleId id,
                             const WantedFunctions& wanted);

}  // namespace relink

#endif  // RELINK_SCAN_OPEN_MODULE_H_
