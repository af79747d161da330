// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_CHECK_CODE_H_
#define RELINK_SCAN_CHECK_CODE_H_

#include <span>

#include "relink/arch/target.h"
#include "relink/ir/function.h"
#include "relink/scan/code_map.h"
#include "relink/scan/decode_code.h"

namespace relink {

// Pins the functions of a section that what was decoded does not agree with:
// they are entered inside of an instruction, have references in a part that
// nothing enters, may compute addresses from their own, or end where they do
// not stop. Says of the others whether they fall through. Removes the fixups of
// functions of which a part may be data. To be called once all that enters code
// is marked.
void CheckCode(const Target& target, const CodeSection& section,
               std::span<DecodedFunction> decoded, DecodedCode& code,
               std::span<Function> functions);

}  // namespace relink

#endif  // RELINK_SCAN_CHECK_CODE_H_
