# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# R_X86_64_TPOFF64 against one variable, which puts the block into static TLS;
# then R_X86_64_TLSDESC against another one of the same block.

        .section .tdata, "awT", @progbits
        .globl  through_offset, through_descriptor
        .type   through_offset, @object
        .size   through_offset, 4
        .balign 4
through_offset:
        .long   9
        .type   through_descriptor, @object
        .size   through_descriptor, 4
through_descriptor:
        .long   10

        .text
        .globl  offset_address, descriptor_address
        .type   offset_address, @function
offset_address:
        mov     through_offset@gottpoff(%rip), %rax
        add     %fs:0, %rax
        ret
        .size   offset_address, . - offset_address
        .type   descriptor_address, @function
descriptor_address:
        push    %rax
        lea     through_descriptor@tlsdesc(%rip), %rax
        call    *through_descriptor@tlscall(%rax)
        add     %fs:0, %rax
        pop     %rcx
        ret
        .size   descriptor_address, . - descriptor_address

        .section .note.GNU-stack, "", @progbits
