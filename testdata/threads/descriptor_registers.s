# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# A TLS descriptor must preserve every register but %rax and the flags.

        .section .tdata, "awT", @progbits
        .globl  described
        .type   described, @object
        .size   described, 4
        .balign 4
described:
        .long   6

        .text
# int registers_preserved(void): the variable's value if all were, else -1.
        .globl  registers_preserved
        .type   registers_preserved, @function
registers_preserved:
        push    %rbp
        mov     %rsp, %rbp
        push    %rbx
        push    %r12
        push    %r13
        push    %r14
        push    %r15
        sub     $8, %rsp
        mov     $101, %ebx
        mov     $102, %ecx
        mov     $103, %edx
        mov     $104, %esi
        mov     $105, %edi
        mov     $106, %r8d
        mov     $107, %r9d
        mov     $108, %r10d
        mov     $109, %r11d
        mov     $110, %r12d
        mov     $111, %r13d
        mov     $112, %r14d
        mov     $113, %r15d
        movq    %rbx, %xmm0
        movq    %rcx, %xmm1
        movq    %rdx, %xmm7
        movq    %rsi, %xmm8
        movq    %rdi, %xmm15
        lea     described@tlsdesc(%rip), %rax
        call    *described@tlscall(%rax)
        add     %fs:0, %rax
        cmp     $101, %rbx
        jne     1f
        cmp     $102, %rcx
        jne     1f
        cmp     $103, %rdx
        jne     1f
        cmp     $104, %rsi
        jne     1f
        cmp     $105, %rdi
        jne     1f
        cmp     $106, %r8
        jne     1f
        cmp     $107, %r9
        jne     1f
        cmp     $108, %r10
        jne     1f
        cmp     $109, %r11
        jne     1f
        cmp     $110, %r12
        jne     1f
        cmp     $111, %r13
        jne     1f
        cmp     $112, %r14
        jne     1f
        cmp     $113, %r15
        jne     1f
        movq    %xmm0, %r8
        cmp     $101, %r8
        jne     1f
        movq    %xmm1, %r8
        cmp     $102, %r8
        jne     1f
        movq    %xmm7, %r8
        cmp     $103, %r8
        jne     1f
        movq    %xmm8, %r8
        cmp     $104, %r8
        jne     1f
        movq    %xmm15, %r8
        cmp     $105, %r8
        jne     1f
        mov     (%rax), %eax
        jmp     2f
1:      mov     $-1, %eax
2:      add     $8, %rsp
        pop     %r15
        pop     %r14
        pop     %r13
        pop     %r12
        pop     %rbx
        pop     %rbp
        ret
        .size   registers_preserved, . - registers_preserved

# int wide_registers_preserved(void): the same of the upper halves of AVX.
        .globl  wide_registers_preserved
        .type   wide_registers_preserved, @function
wide_registers_preserved:
        push    %rax
        vpcmpeqd %ymm3, %ymm3, %ymm3
        vpcmpeqd %ymm12, %ymm12, %ymm12
        lea     described@tlsdesc(%rip), %rax
        call    *described@tlscall(%rax)
        add     %fs:0, %rax
        vpand   %ymm3, %ymm12, %ymm3
        vpmovmskb %ymm3, %ecx
        vzeroupper
        cmp     $-1, %ecx
        jne     1f
        mov     (%rax), %eax
        pop     %rcx
        ret
1:      mov     $-1, %eax
        pop     %rcx
        ret
        .size   wide_registers_preserved, . - wide_registers_preserved

        .section .note.GNU-stack, "", @progbits
