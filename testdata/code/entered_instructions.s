# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Branches to where no instruction begins.

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
# As C libraries do in programs with one thread.
        function skips_lock
        test    %edi, %edi
        je      1f
        lock
1:      addl    $1, number(%rip)
        ret
        end_function skips_lock

# Into a constant that is an instruction, too.
        function enters_constant
        jmp     1f+1
1:      mov     $0xc3, %eax
        ret
        end_function enters_constant

        .bss
        .balign 8
number: .long   0

        .section .note.GNU-stack, "", @progbits
