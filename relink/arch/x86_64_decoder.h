// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_DECODER_H_
#define RELINK_ARCH_X86_64_DECODER_H_

#include <cstddef>
#include <span>

#include "relink/arch/instruction.h"

namespace relink {

// A DecodeFunction for x86-64. Registers are numbered as in encodings: 0 %rax,
// 1 %rcx, 2 %rdx, 3 %rbx, 4 %rsp, 5 %rbp, 6 %rsi, 7 %rdi, then %r8 to %r15.
//
// Knows what processors of Intel and AMD have up to AVX-512 FP16, AMX and XOP.
// Refuses, besides what is not valid in 64-bit mode: APX; EIP-relative operands
// and those relative to both PC and %fs or %gs, which nobody could move; and
// branches with an operand-size prefix but no REX.W, of which Intel's
// processors and AMD's make different things.
bool DecodeX86_64(std::span<const std::byte> bytes, Instruction* instruction);

}  // namespace relink

#endif  // RELINK_ARCH_X86_64_DECODER_H_
