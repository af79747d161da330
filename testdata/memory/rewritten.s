# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# A table of 300,000 pointers, each one byte after the one before, which relocation
# writes and RELRO then protects; and data behind it that stays writable.

        .section .data.rel.ro, "aw"
        .globl  table
        .type   table, @object
table:
        .set    distance, 0
        .rept   300000
        .quad   base + distance
        .set    distance, distance + 1
        .endr
        .size   table, . - table

        .data
        .globl  counter
        .type   counter, @object
counter:
        .quad   7
        .size   counter, 8

        .bss
        .globl  base
        .type   base, @object
base:   .zero   300000
        .size   base, 300000

        .text
        .globl  next_count
        .type   next_count, @function
next_count:
        movq    counter@GOTPCREL(%rip), %rax
        incq    (%rax)
        movq    (%rax), %rax
        ret
        .size   next_count, . - next_count

        .section .note.GNU-stack, "", @progbits
