# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Functions that do not end.

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
        function falls
        mov     $1, %eax
        end_function falls
        function next
        ret
        end_function next

# Over padding.
        function falls_over_nops
        mov     $1, %eax
        end_function falls_over_nops
        function behind_nops
        ret
        end_function behind_nops

# A call that does not return.
        function ends_with_call
        sub     $8, %rsp
        call    abort@PLT
        end_function ends_with_call
        function behind_call
        ret
        end_function behind_call

# Into what stops the program.
        function runs_into_trap
        mov     $1, %eax
        end_function runs_into_trap
        int3

# Into code that nothing names.
        function falls_into_nameless
        mov     $1, %eax
        end_function falls_into_nameless
        add     $1, %eax
        ret

# The last of all.
        function last
        mov     $1, %eax
        end_function last

        .section .note.GNU-stack, "", @progbits
