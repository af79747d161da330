// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_GROUPS_H_
#define RELINK_ARCH_X86_64_GROUPS_H_

#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {

// Completes the row of an opcode of which ModRM and prefixes choose (SDM table
// False: there is no such instruction.
bool ChooseFromGroup(const Encoding& encoding, Opcode* opcode);

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_GROUPS_H_
