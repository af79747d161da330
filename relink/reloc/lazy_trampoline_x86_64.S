// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Where PLT0 jumps when a function is called for the first time (psABI,
// "Procedure Linkage Table"). The PLT pushed two words onto the return address:
// the index of the relocation in DT_JMPREL and, below it, the second word of the
// GOT, a LazyLink. The function then finds everything as its caller left it, but
// for %r11 and the flags: argument registers, %rax (how many vector registers a
// variadic function is passed), %r10 (static chain), the stack, vector registers.
// How those are saved depends on the machine, so there is one trampoline for
// each method.

        .text

        .set    FRAME, 64               # general registers
        .set    HEADER, FRAME + 512     # of the XSAVE area above them

        .macro  load_features link
        mov     8(\link), %eax          # LazyLink::features
        mov     12(\link), %edx
        .endm

        # XRSTOR faults unless the reserved words of the header are zero.
        .macro  clear_header
        xor     %eax, %eax
        .irp    word, 0, 8, 16, 24, 32, 40, 48, 56
        mov     %rax, HEADER + \word(%rsp)
        .endr
        .endm

        .macro  save_fxsave
        fxsave  FRAME(%rsp)
        .endm
        .macro  restore_fxsave
        fxrstor FRAME(%rsp)
        .endm

        .macro  save_xsave
        clear_header
        load_features %r11
        xsave   FRAME(%rsp)
        .endm
        .macro  restore_xsave
        load_features %rcx
        xrstor  FRAME(%rsp)
        .endm

        .macro  save_xsavec
        clear_header
        load_features %r11
        xsavec  FRAME(%rsp)
        .endm
        .macro  restore_xsavec
        restore_xsave
        .endm

        .macro  trampoline method
        .globl  relink_lazy_\method
        .hidden relink_lazy_\method
        .type   relink_lazy_\method, @function
        .p2align 4
relink_lazy_\method:
        .cfi_startproc
        .cfi_def_cfa_offset 24          # return address, index, link
        endbr64
        push    %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        mov     %rsp, %rbx
        .cfi_def_cfa_register %rbx
        mov     8(%rbx), %r11           # the link
        and     $-64, %rsp              # XSAVE wants 64 bytes
        sub     (%r11), %rsp            # LazyLink::save_size
        sub     $FRAME, %rsp
        mov     %rax, (%rsp)
        mov     %rcx, 8(%rsp)
        mov     %rdx, 16(%rsp)
        mov     %rsi, 24(%rsp)
        mov     %rdi, 32(%rsp)
        mov     %r8, 40(%rsp)
        mov     %r9, 48(%rsp)
        mov     %r10, 56(%rsp)
        save_\method
        mov     %r11, %rdi
        mov     16(%rbx), %rsi          # the index
        call    relink_lazy_resolve
        mov     %rax, %r11
        mov     8(%rbx), %rcx
        restore_\method
        mov     (%rsp), %rax
        mov     8(%rsp), %rcx
        mov     16(%rsp), %rdx
        mov     24(%rsp), %rsi
        mov     32(%rsp), %rdi
        mov     40(%rsp), %r8
        mov     48(%rsp), %r9
        mov     56(%rsp), %r10
        mov     %rbx, %rsp
        .cfi_def_cfa_register %rsp
        pop     %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        lea     16(%rsp), %rsp
        .cfi_adjust_cfa_offset -16
        jmp     *%r11
        .cfi_endproc
        .size   relink_lazy_\method, . - relink_lazy_\method
        .endm

        trampoline fxsave
        trampoline xsave
        trampoline xsavec

        .section .note.GNU-stack, "", @progbits
