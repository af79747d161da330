# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Code that learns its own address and goes on from there.

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
        function call_pop
        call    1f
1:      pop     %rax
        add     $number-1b, %rax
        ret
        end_function call_pop

# The large code model.
        function large_model
1:      lea     1b(%rip), %rax
        movabs  $_GLOBAL_OFFSET_TABLE_-1b, %rcx
        add     %rcx, %rax
        ret
        end_function large_model

# Its own address, and a large number that has nothing to do with it.
        function large_number
1:      lea     1b(%rip), %rax
        movabs  $0x123456789abcdef0, %rcx
        ret
        end_function large_number

# It calls itself.
        function recursive
        sub     $8, %rsp
        call    recursive.local
        add     $8, %rsp
        ret
        end_function recursive
        .set    recursive.local, recursive

        .data
number: .long   0

        .section .note.GNU-stack, "", @progbits
