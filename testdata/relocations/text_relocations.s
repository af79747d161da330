# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# An absolute address in code, which makes the linker write DT_TEXTREL.

        .text
        .globl  text_value
        .type   text_value, @function
text_value:
        movabs  $object, %rax
        mov     (%rax), %eax
        ret
        .size   text_value, . - text_value

        .data
object: .long   88

        .section .note.GNU-stack, "", @progbits
