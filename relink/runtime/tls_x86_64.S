// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// TLS descriptor resolvers (Oliva and Araujo, "Thread-Local Storage Descriptors
// for IA32 and AMD64/EM64T"). %rax points to the descriptor's two words; the
// result in %rax is the variable's offset from the thread pointer. Every other
// register but the flags must be preserved, vector registers included.

        .text

        .globl  relink_tls_static_descriptor
        .hidden relink_tls_static_descriptor
        .type   relink_tls_static_descriptor, @function
relink_tls_static_descriptor:
        .cfi_startproc
        mov     8(%rax), %rax           # the argument is the offset
        ret
        .cfi_endproc
        .size   relink_tls_static_descriptor, . - relink_tls_static_descriptor

        .globl  relink_tls_undefined_weak_descriptor
        .hidden relink_tls_undefined_weak_descriptor
        .type   relink_tls_undefined_weak_descriptor, @function
relink_tls_undefined_weak_descriptor:
        .cfi_startproc
        mov     8(%rax), %rax           # so that the address is the addend
        sub     %fs:0, %rax
        ret
        .cfi_endproc
        .size   relink_tls_undefined_weak_descriptor, . - relink_tls_undefined_weak_descriptor

        .globl  relink_tls_dynamic_descriptor
        .hidden relink_tls_dynamic_descriptor
        .type   relink_tls_dynamic_descriptor, @function
relink_tls_dynamic_descriptor:
        .cfi_startproc
        push    %rdi
        .cfi_adjust_cfa_offset 8
        push    %rsi
        .cfi_adjust_cfa_offset 8
        mov     8(%rax), %rax           # TlsIndex*
        mov     (%rax), %rdi            # its module
        btr     $63, %rdi               # ours have the top bit
        jnc     1f
        mov     relink_tls_blocks@gottpoff(%rip), %rsi
        cmp     %fs:8(%rsi), %rdi       # this thread's block count
        jae     1f
        mov     %fs:(%rsi), %rsi
        mov     (%rsi,%rdi,8), %rsi     # the block
        test    %rsi, %rsi
        jz      1f
        mov     8(%rax), %rax
        add     %rsi, %rax
        sub     %fs:0, %rax
        pop     %rsi
        .cfi_adjust_cfa_offset -8
        pop     %rdi
        .cfi_adjust_cfa_offset -8
        ret

        .cfi_adjust_cfa_offset 16
1:      push    %rbp
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbp, 0
        mov     %rsp, %rbp
        .cfi_def_cfa_register %rbp
        push    %rcx
        push    %rdx
        push    %r8
        push    %r9
        push    %r10
        push    %r11
        push    %rbx
        mov     %rax, %rdi
        sub     relink_tls_xsave_size(%rip), %rsp
        and     $-64, %rsp              # XSAVE wants 64 bytes
        xor     %eax, %eax              # its header must be zero
        mov     %rax, 512(%rsp)
        mov     %rax, 520(%rsp)
        mov     %rax, 528(%rsp)
        mov     %rax, 536(%rsp)
        mov     %rax, 544(%rsp)
        mov     %rax, 552(%rsp)
        mov     %rax, 560(%rsp)
        mov     %rax, 568(%rsp)
        cmpb    $0, relink_tls_has_xsave(%rip)
        je      2f
        mov     $0xe7, %eax             # x87, SSE, AVX, AVX-512
        xor     %edx, %edx
        xsave   (%rsp)
        call    relink_tls_get_addr
        mov     %rax, %rbx
        mov     $0xe7, %eax
        xor     %edx, %edx
        xrstor  (%rsp)
        jmp     3f
2:      fxsave  (%rsp)
        call    relink_tls_get_addr
        mov     %rax, %rbx
        fxrstor (%rsp)
3:      mov     %rbx, %rax
        sub     %fs:0, %rax
        lea     -56(%rbp), %rsp
        pop     %rbx
        pop     %r11
        pop     %r10
        pop     %r9
        pop     %r8
        pop     %rdx
        pop     %rcx
        pop     %rbp
        .cfi_def_cfa %rsp, 24
        .cfi_restore %rbp
        pop     %rsi
        .cfi_adjust_cfa_offset -8
        pop     %rdi
        .cfi_adjust_cfa_offset -8
        ret
        .cfi_endproc
        .size   relink_tls_dynamic_descriptor, . - relink_tls_dynamic_descriptor

        .section .note.GNU-stack, "", @progbits
