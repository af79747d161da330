// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// dlopen, dlsym and their like ask where they were called from: RTLD_NEXT,
// RUNPATH and namespaces depend on it. Called from a function that moved, they
// would take its copy for a part of no module. So they are called as if from
// the module: there they return to an `add $8, %rsp; ret`, and by that to where
// they were really called from.

.macro FORWARD name
  .globl relink_forward_\name
  .hidden relink_forward_\name
  .type relink_forward_\name, @function
relink_forward_\name:
  .cfi_startproc
  push %rdi
  .cfi_adjust_cfa_offset 8
  push %rsi
  .cfi_adjust_cfa_offset 8
  push %rdx
  .cfi_adjust_cfa_offset 8
  push %rcx
  .cfi_adjust_cfa_offset 8
  sub $8, %rsp                  // Aligned for a call.
  .cfi_adjust_cfa_offset 8
  mov 40(%rsp), %rdi            // The address to return to.
  call relink_find_return_way
  add $8, %rsp
  .cfi_adjust_cfa_offset -8
  pop %rcx
  .cfi_adjust_cfa_offset -8
  pop %rdx
  .cfi_adjust_cfa_offset -8
  pop %rsi
  .cfi_adjust_cfa_offset -8
  pop %rdi
  .cfi_adjust_cfa_offset -8
  test %rax, %rax
  jz 1f
  sub $8, %rsp                  // What the way back skips.
  .cfi_adjust_cfa_offset 8
  push %rax
  .cfi_adjust_cfa_offset 8
1:
  jmp *relink_real_\name(%rip)
  .cfi_endproc
  .size relink_forward_\name, . - relink_forward_\name

  .bss
  .balign 8
  .globl relink_real_\name
  .hidden relink_real_\name
relink_real_\name:
  .zero 8
  .text
.endm

  .text
FORWARD dlopen
FORWARD dlmopen
FORWARD dlsym
FORWARD dlvsym

  .section .note.GNU-stack, "", @progbits
