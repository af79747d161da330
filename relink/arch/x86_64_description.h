// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_DESCRIPTION_H_
#define RELINK_ARCH_X86_64_DESCRIPTION_H_

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {

// What an instruction does with its registers and the flow of control. Its
// sizes, its memory operand and its immediate must be set.
void DescribeInstruction(const Encoding& encoding, const Opcode& opcode,
                         Instruction* instruction);

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_DESCRIPTION_H_
