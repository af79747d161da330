// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_PLAN_SYMBOLS_H_
#define RELINK_SCAN_PLAN_SYMBOLS_H_

#include "relink/ir/link_graph.h"
#include "relink/ir/symbol.h"
#include "relink/scan/file_parts.h"
#include "relink/scan/section_index.h"
#include "relink/support/large_vector.h"

namespace relink {

// The symbols of a file: those of DT_SYMTAB in its order, without the first,
// which stands for none; then those of .symtab, but for sections and files.
//
// One that its file defines outside of all sections is Undefined: the relocator
// takes it from the file.
template <class E>
LargeVector<Symbol> PlanSymbols(ModuleId id, const Module& module,
                                const FileParts<E>& parts,
                                const SectionIndex& sections);

extern template LargeVector<Symbol> PlanSymbols(ModuleId, const Module&,
                                                const FileParts<elf::Elf64Le>&,
                                                const SectionIndex&);

}  // namespace relink

#endif  // RELINK_SCAN_PLAN_SYMBOLS_H_
