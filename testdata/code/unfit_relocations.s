# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Relocations that a linker retains, of what is no operand of its kind: a distance
# that looks like a constant of an instruction.

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
        function holds_distance
        jmp     1f
        .byte   0xb8
        .long   elsewhere.local-.
1:      ret
        end_function holds_distance

        function takes_size
        mov     $number@SIZE, %eax
        ret
        end_function takes_size

        function elsewhere
        ret
        end_function elsewhere

        .section .text.other, "ax", @progbits
elsewhere.local:
        ret

        .data
        .type   number, @object
        .size   number, 4
number: .long   0

        .section .note.GNU-stack, "", @progbits
