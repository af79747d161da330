// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What a process calls for dlopen and its like. Each asks Relink first, and goes
// on to the C library's own function, unless it has the answer, by a jump: who
// called stays visible there, which RTLD_NEXT, RUNPATH and namespaces depend on.
//
// Relink's half is relink_dl_NAME(first, second, third, caller), which returns
// two words: whether it has an answer, and the answer. relink_dl_host is a
// HostDlfcn.

.macro ENTRY name, slot
  .globl \name
  .type \name, @function
\name:
  .cfi_startproc
  endbr64
  push %rdi
  .cfi_adjust_cfa_offset 8
  push %rsi
  .cfi_adjust_cfa_offset 8
  push %rdx                     // Aligned for a call.
  .cfi_adjust_cfa_offset 8
  mov 24(%rsp), %rcx            // Where to return to.
  call relink_dl_\name
  test %rax, %rax
  mov %rdx, %rax
  pop %rdx
  .cfi_adjust_cfa_offset -8
  pop %rsi
  .cfi_adjust_cfa_offset -8
  pop %rdi
  .cfi_adjust_cfa_offset -8
  jz 1f
  ret
1:
  jmp *relink_dl_host+8*\slot(%rip)
  .cfi_endproc
  .size \name, . - \name
.endm

  .text
ENTRY dlopen, 0
ENTRY dlmopen, 1
ENTRY dlclose, 2
ENTRY dlsym, 3
ENTRY dlvsym, 4
ENTRY dlerror, 5
ENTRY dlinfo, 6

  .section .note.GNU-stack, "", @progbits
