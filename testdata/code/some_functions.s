# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# What code may do with a function that is opened without it.

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
        function alone
        mov     $1, %eax
        ret
        end_function alone

        function called
        mov     $2, %eax
        ret
        end_function called
        .set    called.local, called

        function caller
        call    called.local
        ret
        end_function caller

        function taken
        mov     $3, %eax
        ret
        end_function taken
        .set    taken.local, taken

        function taker
        lea     taken.local(%rip), %rax
        ret
        end_function taker

        # The part behind the first instruction is another function's, too.
        function shared
        mov     %rdi, %rax
shared_part:
        add     $4, %rax
        ret
        end_function shared
        .set    shared.local, shared

        function enters_near
        mov     %rsi, %rax
        jmp     shared_part
        end_function enters_near

        function calls_shared
        call    shared.local
        ret
        end_function calls_shared

        function shared_afar
        mov     %rdi, %rax
shared_afar_part:
        add     $4, %rax
        ret
        end_function shared_afar
        .set    shared_afar.local, shared_afar

        .zero   512, 0xcc

        function enters_afar
        call    shared_afar.local
        jmp     shared_afar_part
        end_function enters_afar

        function tiny
        ret
        end_function tiny
        .set    tiny.local, tiny

        function calls_tiny
        call    tiny.local
        ret
        end_function calls_tiny

        # Only what was asked for is decoded: this cannot be.
        function nonsense
        .byte   0x06, 0x06, 0x06
        end_function nonsense

        .section .note.GNU-stack, "", @progbits
