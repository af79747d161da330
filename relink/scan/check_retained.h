// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_CHECK_RETAINED_H_
#define RELINK_SCAN_CHECK_RETAINED_H_

#include <span>

#include "relink/arch/target.h"
#include "relink/elf/records.h"
#include "relink/ir/function.h"
#include "relink/scan/code_map.h"
#include "relink/scan/decode_code.h"
#include "relink/scan/retained_tables.h"

namespace relink {

// Compares the relocations that a linker retained for a section of code with
// the instructions that are there now. Pins the functions where they do not fit
// together: either there is data, or the linker did something that is not
// understood. To be called once the section is decoded.
template <class E>
void CheckRetained(const Target& target, const CodeSection& section,
                   const RetainedTable<E>& table,
                   std::span<DecodedFunction> decoded,
                   std::span<Function> functions);

extern template void CheckRetained(const Target&, const CodeSection&,
                                   const RetainedTable<elf::Elf64Le>&,
                                   std::span<DecodedFunction>,
                                   std::span<Function>);

}  // namespace relink

#endif  // RELINK_SCAN_CHECK_RETAINED_H_
