# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# References by symbol to what cannot be interposed.

        .data
        .balign 8
        .globl  protected_pointer
        .type   protected_pointer, @object
        .size   protected_pointer, 8
protected_pointer:
        .quad   interposable

        .text
        .globl  interposable
        .protected interposable
        .type   interposable, @function
interposable:
        mov     $1, %eax
        ret
        .size   interposable, . - interposable

        .globl  call_interposable
        .type   call_interposable, @function
call_interposable:
        jmp     *interposable@GOTPCREL(%rip)
        .size   call_interposable, . - call_interposable

        .section .note.GNU-stack, "", @progbits
