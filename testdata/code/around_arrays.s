# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# References to an array by addresses that are in no section, or in another one:
# in front of it, behind it, its end.

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
        function in_front
        lea     array.local-64(%rip), %rax
        ret
        end_function in_front

        function behind
        lea     array.local+4096(%rip), %rax
        ret
        end_function behind

        .section .rodata, "a", @progbits
        .balign 64
array.local:
        .zero   64
        .section .data.rel.ro, "aw", @progbits
        .balign 8
        .quad   array.local
        .quad   array.local+64

        .section .note.GNU-stack, "", @progbits
