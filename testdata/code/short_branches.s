# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Branches of two bytes that leave their function, as in assembly by hand.

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
        function tail_jump
        mov     $1, %eax
        jmp     target.local
        end_function tail_jump

        function target
        ret
        end_function target
        .set    target.local, target

        function jrcxz_leaves
        jrcxz   target.local
        ret
        end_function jrcxz_leaves

        function loop_stays
        mov     $3, %ecx
1:      loop    1b
        ret
        end_function loop_stays

        .section .note.GNU-stack, "", @progbits
