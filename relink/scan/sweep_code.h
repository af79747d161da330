// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_SWEEP_CODE_H_
#define RELINK_SCAN_SWEEP_CODE_H_

#include <span>

#include "relink/arch/possible_reference.h"
#include "relink/arch/target.h"
#include "relink/ir/function.h"
#include "relink/scan/code_map.h"
#include "relink/support/address.h"

namespace relink {

// Says of `functions`, which are those of `code`, ascending, what the rest of
// it may do with them (Function::address_kept, reached, can_lead), by its bytes
// alone: decoding all of it takes many times as long. What looks like a
// reference counts as one, so that at worst less is known than could be.
// `others` are the functions in the rest, ascending. To be called once all that
// is decoded has marked what it enters.
void SweepCode(const Target& target, const CodeMap& code,
               std::span<const LinkRange> others,
               std::span<Function> functions);

// Says what can be said of it where all code is decoded: Function::can_lead.
void AllowLeading(const Target& target, CodeMap& code,
                  std::span<Function> functions);

}  // namespace relink

#endif  // RELINK_SCAN_SWEEP_CODE_H_
