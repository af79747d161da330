# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# A function in two parts, which jump into each other's middle.

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
        function hot
        test    %edi, %edi
        je      .Lcold
.Lback:
        mov     $1, %eax
        ret
        end_function hot

        .section .text.unlikely, "ax", @progbits
        .type   hot.cold, @function
hot.cold:
        .cfi_startproc
        nop
.Lcold:
        xor     %esi, %esi
        jmp     .Lback
        .cfi_endproc
        .size   hot.cold, .-hot.cold

        .section .note.GNU-stack, "", @progbits
