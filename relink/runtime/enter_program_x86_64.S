// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// void relink_enter_program(const void* stack, size_t size, void* pointer,
//                           uint64_t entry)
//
// Copies `size` bytes, whole words, to `pointer`, over the stack of whoever
// called, and jumps to `entry` with the registers that psABI, "Initial Stack and
// Register State", demands: %rsp is `pointer`, %rdx 0 (nothing to register with
// atexit), the direction flag clear, floating-point control at its defaults. As
// Linux has it, every other register is 0, and there is no thread pointer.

        .text
        .globl  relink_enter_program
        .hidden relink_enter_program
        .type   relink_enter_program, @function
relink_enter_program:
        .cfi_startproc
        .cfi_undefined rip              // there is no way back
        mov     %rcx, %r9
        mov     %rsi, %rcx
        shr     $3, %rcx
        mov     %rdi, %rsi
        mov     %rdx, %rdi
        mov     %rdx, %rsp
        cld
        rep movsq

        mov     $158, %eax              // arch_prctl
        mov     $0x1002, %edi           // ARCH_SET_FS
        xor     %esi, %esi
        syscall

        fninit
        movl    $0x1f80, -8(%rsp)       // psABI, "Registers": MXCSR
        ldmxcsr -8(%rsp)
        mov     %r9, -8(%rsp)

        pxor    %xmm0, %xmm0
        pxor    %xmm1, %xmm1
        pxor    %xmm2, %xmm2
        pxor    %xmm3, %xmm3
        pxor    %xmm4, %xmm4
        pxor    %xmm5, %xmm5
        pxor    %xmm6, %xmm6
        pxor    %xmm7, %xmm7
        pxor    %xmm8, %xmm8
        pxor    %xmm9, %xmm9
        pxor    %xmm10, %xmm10
        pxor    %xmm11, %xmm11
        pxor    %xmm12, %xmm12
        pxor    %xmm13, %xmm13
        pxor    %xmm14, %xmm14
        pxor    %xmm15, %xmm15
        xor     %eax, %eax
        xor     %ebx, %ebx
        xor     %ecx, %ecx
        xor     %edx, %edx
        xor     %esi, %esi
        xor     %edi, %edi
        xor     %ebp, %ebp
        xor     %r8d, %r8d
        xor     %r9d, %r9d
        xor     %r10d, %r10d
        xor     %r11d, %r11d
        xor     %r12d, %r12d
        xor     %r13d, %r13d
        xor     %r14d, %r14d
        xor     %r15d, %r15d
        jmp     *-8(%rsp)
        .cfi_endproc
        .size   relink_enter_program, . - relink_enter_program

        .section .note.GNU-stack, "", @progbits
