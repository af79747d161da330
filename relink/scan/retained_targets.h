// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_RETAINED_TARGETS_H_
#define RELINK_SCAN_RETAINED_TARGETS_H_

#include <span>

#include "relink/ir/link_graph.h"
#include "relink/scan/file_parts.h"
#include "relink/scan/retained_tables.h"
#include "relink/scan/section_index.h"

namespace relink {

// Has the fixups of data and code refer to the section that the symbol of their
// retained relocation is in. The address alone does not say: the end of an
// array may be where the next section begins, and compilers let pointers begin
// in front of what they lead to.
//
// Whether that is certain for all: every reference from code that is outside of
// sections has such a relocation.
template <class E>
bool ReferBySymbols(LinkGraph& graph, const FileParts<E>& parts,
                    const SectionIndex& sections,
                    std::span<const RetainedTable<E>> tables);

extern template bool ReferBySymbols(
    LinkGraph&, const FileParts<elf::Elf64Le>&, const SectionIndex&,
    std::span<const RetainedTable<elf::Elf64Le>>);

}  // namespace relink

#endif  // RELINK_SCAN_RETAINED_TARGETS_H_
