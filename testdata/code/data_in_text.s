# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Data where code is expected.

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
# Bytes that are no instruction, behind the end but inside of the size.
        function undecodable
        lea     .Lundecodable(%rip), %rax
        mov     (%rax), %eax
        ret
.Lundecodable:
        .byte   0x06, 0x06, 0x06, 0x06
        end_function undecodable

# Data that looks like a call of something.
        function like_a_call
        ret
        .byte   0xe8, 1, 0, 0, 0
        end_function like_a_call

# Data that looks like harmless instructions goes along, whatever it is.
        function like_moves
        movaps  .Lconstant(%rip), %xmm0
        ret
        .balign 16
.Lconstant:
        .long   0x90909090, 0x90909090, 0x90909090, 0x90909090
        end_function like_moves

# A table between two functions, which nothing names. It looks like branches
# into them, and like references to them.
        function uses_table
        lea     .Ltable(%rip), %rax
        movzbl  (%rax,%rdi), %eax
        ret
        end_function uses_table
.Ltable:
        .ascii  "sets jumps and calls outside of functions"
        .byte   0x48, 0x8d, 0x05
        .long   uses_table.local-.-4

        function behind_table
        jmp     uses_table@PLT
        end_function behind_table
        .set    uses_table.local, uses_table

        .section .note.GNU-stack, "", @progbits
