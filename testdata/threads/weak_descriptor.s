# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# A descriptor of a weak symbol that nobody defines: its address is null.

        .weak   nobody_defines
        .type   nobody_defines, @tls_object

        .text
        .globl  address_of_weak
        .type   address_of_weak, @function
address_of_weak:
        push    %rax
        lea     nobody_defines@tlsdesc(%rip), %rax
        call    *nobody_defines@tlscall(%rax)
        add     %fs:0, %rax
        pop     %rcx
        ret

        .section .note.GNU-stack, "", @progbits
