# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# One word for each relocation, and a function that returns what it means.

        .data
        .balign 8
        .globl  word_64, word_pc64, word_size32, word_size64, word_relative
        .globl  word_64_addend, words
words:
word_64:                                # R_X86_64_64
        .quad   target_object
word_64_addend:                         # R_X86_64_64 + 16
        .quad   target_object + 16
word_pc64:                              # R_X86_64_PC64
        .quad   target_object - .
word_size64:                            # R_X86_64_SIZE64
        .quad   target_object@SIZE
word_size32:                            # R_X86_64_SIZE32
        .long   target_object@SIZE
        .long   0
word_relative:                          # R_X86_64_RELATIVE
        .quad   local_object
        .size   words, . - words
        .type   words, @object
        .size   word_64, 8
        .size   word_64_addend, 8
        .size   word_pc64, 8
        .size   word_size32, 4
        .size   word_size64, 8
        .size   word_relative, 8
local_object:
        .quad   55

        .section .rodata
        .quad   66

        .text
        .globl  glob_dat_object
        .type   glob_dat_object, @function
glob_dat_object:                        # R_X86_64_GLOB_DAT: its address
        mov     target_object@GOTPCREL(%rip), %rax
        ret
        .size   glob_dat_object, . - glob_dat_object

        .globl  jump_slot_call
        .type   jump_slot_call, @function
jump_slot_call:                         # R_X86_64_JUMP_SLOT: 44
        jmp     target_function@PLT
        .size   jump_slot_call, . - jump_slot_call

        .globl  local_value
        .type   local_value, @function
local_value:                            # through R_X86_64_RELATIVE: 55
        mov     word_relative@GOTPCREL(%rip), %rax
        mov     (%rax), %rax
        mov     (%rax), %eax
        ret
        .size   local_value, . - local_value

        .globl  pc64_value
        .type   pc64_value, @function
pc64_value:                             # through R_X86_64_PC64: 11
        mov     word_pc64@GOTPCREL(%rip), %rax
        add     (%rax), %rax
        mov     (%rax), %eax
        ret
        .size   pc64_value, . - pc64_value

        .section .note.GNU-stack, "", @progbits
