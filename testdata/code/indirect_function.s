# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# An indirect function, whose resolver is a function as any.

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
        function resolver
        lea     implementation.local(%rip), %rax
        ret
        end_function resolver

        .globl  chosen
        .type   chosen, @gnu_indirect_function
        .set    chosen, resolver
        .size   chosen, 8

        function implementation
        mov     $1, %eax
        ret
        end_function implementation
        .set    implementation.local, implementation

        .section .note.GNU-stack, "", @progbits
