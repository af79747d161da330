# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# What the words of words.s refer to.

        .data
        .globl  target_object
        .type   target_object, @object
        .size   target_object, 24
target_object:
        .quad   11, 22, 33

        .text
        .globl  target_function
        .type   target_function, @function
target_function:
        mov     $44, %eax
        ret
        .size   target_function, . - target_function

        .section .note.GNU-stack, "", @progbits
