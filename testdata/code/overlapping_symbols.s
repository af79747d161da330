# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Symbols that cover the same bytes.

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
# One inside of the other, with one unwind record: two entries of a function.
        function outer
        mov     $1, %eax
        .globl  inner
        .type   inner, @function
inner:
        add     $1, %eax
        ret
        .size   inner, .-inner
        end_function outer

# The same bytes under two names.
        .globl  alias
        .type   alias, @function
        .set    alias, outer
        .size   alias, 9

# Two that overlap, each with a record.
        function first_half
        mov     $2, %eax
        .cfi_endproc
        .globl  second_half
        .type   second_half, @function
second_half:
        .cfi_startproc
        add     $2, %eax
        ret
        .size   first_half, .-first_half
        end_function second_half

        .section .note.GNU-stack, "", @progbits
