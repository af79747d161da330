# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Assembly by hand: no unwind records, and not all of it has a size or a name.

        .text
        .globl  named
        .type   named, @function
named:  lea     number(%rip), %rax
        ret
        .size   named, .-named
        .balign 16, 0x90

# No size: it ends where the next one begins, or where padding does.
        .globl  sizeless
        .type   sizeless, @function
sizeless:
        mov     number(%rip), %eax
        ret
        .balign 16, 0x90

        .globl  behind
        .type   behind, @function
behind: ret
        .size   behind, .-behind

# Nothing names it.
        .balign 16, 0x90
        lea     number(%rip), %rdx
        ret

        .bss
        .balign 8
number: .long   0

        .section .note.GNU-stack, "", @progbits
