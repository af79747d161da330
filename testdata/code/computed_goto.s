# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Labels as values: pointers into the middle of functions.

        .macro  function name
        .globl  \name
        .type   \name, @function
        .balign 16
\name:
        .cfi_startproc
        .endm
        .macro  end_function name
        .cfi_endproc
        .size   \name, .-\name
        .endm

        .text
        function dispatches
        lea     labels(%rip), %rax
        jmp     *(%rax,%rdi,8)
.Lfirst:
        mov     $1, %eax
        ret
.Lsecond:
        mov     $2, %eax
        ret
        end_function dispatches

# A pointer leads to the four bytes of a constant.
        function split_instruction
        mov     $3, %eax
        ret
        end_function split_instruction
        .set    split_instruction.local, split_instruction

        .section .data.rel.ro, "aw", @progbits
        .balign 8
labels: .quad   .Lfirst, .Lsecond
        .quad   split_instruction.local+1

        .section .note.GNU-stack, "", @progbits
