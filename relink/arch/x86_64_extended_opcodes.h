// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_EXTENDED_OPCODES_H_
#define RELINK_ARCH_X86_64_EXTENDED_OPCODES_H_

#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {

// The row of an opcode after 0f 38 or 0f 3a, which `encoding.map` numbers as
// VEX does. False: there is no such instruction.
bool FindThreeByteOpcode(const Encoding& encoding, Opcode* opcode);

// The row of an opcode after a VEX, EVEX or XOP prefix.
bool FindVectorOpcode(const Encoding& encoding, Opcode* opcode);

// Whether the index of its memory operand is a vector: gathers and scatters.
bool HasVectorIndex(const Encoding& encoding);

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_EXTENDED_OPCODES_H_
