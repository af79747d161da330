// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_PLAN_FIXUPS_H_
#define RELINK_SCAN_PLAN_FIXUPS_H_

#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/fixup.h"
#include "relink/ir/link_graph.h"
#include "relink/scan/file_parts.h"
#include "relink/scan/plan_sections.h"
#include "relink/scan/section_index.h"

namespace relink {

// The fixups of each section, by its number, ascending by offset.
using PlannedFixups = std::vector<std::vector<Fixup>>;

// A fixup for each dynamic relocation, and for each PC-relative one that the
// linker retained outside of code and that no dynamic one has the place of.
//
// Those that name no symbol, and retained ones, refer to the symbol of the
// section that their address is in, and their addend counts from there; so do
// those of thread-local storage, from the beginning of the block.
// `first_dynamic` is the symbol of DT_SYMTAB's entry 1.
//
// InvalidArgument: a place in no section, two relocations of one place, or a
// symbol that there is not.  Unimplemented: an unknown type.
template <class E>
absl::StatusOr<PlannedFixups> PlanFixups(const Module& module,
                                         const FileParts<E>& parts,
                                         std::span<const PlannedSection> plan,
                                         const SectionIndex& sections,
                                         SymbolId first_dynamic);

extern template absl::StatusOr<PlannedFixups> PlanFixups(
    const Module&, const FileParts<elf::Elf64Le>&,
    std::span<const PlannedSection>, const SectionIndex&, SymbolId);

}  // namespace relink

#endif  // RELINK_SCAN_PLAN_FIXUPS_H_
