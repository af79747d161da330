# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# What the fuzzer of the decoder starts from: something of every map, every kind
# of immediate, of operand and of branch.

        endbr64
1:      lea 1b(%rip), %rdx
        cmp $7, %edi
        ja 2f
        movslq (%rdx,%rdi,4), %rax
        add %rdx, %rax
        notrack jmp *%rax
2:      .byte 0x66, 0x66, 0x48
        call 1b
        {disp32} jne 1b
        jrcxz 3f
        loop 2b
3:      jmp *0x401000(,%rax,8)
        call *1b(%rip)
        xbegin 3b
        nopw %cs:0x12345678(%rax,%rax)
        movabs $0x123456789abcdef0, %r11
        movabs 0x123456789abcdef0, %rax
        mov %fs:0x28, %rax
        mov 0x12345678(%eax,%ecx,4), %r12d
        testl $0x12345678, 1b(%rip)
        testw $0x1234, (%rsp)
        pushw $0x1234
        enter $16, $1
        mov %ah, %bh
        lock cmpxchg16b 8(%rdi)
        rep movsq
        fldl 8(%rsp)
        fnstsw %ax
        mov %cr0, %rax
        popcnt %rcx, %r8
        movbe %ax, (%r13)
        pfadd %mm1, %mm0
        palignr $8, 1b(%rip), %xmm1
        pcmpistri $0, %xmm1, %xmm0
        extrq $2, $1, %xmm0
        sha1nexte %xmm1, %xmm0
        vzeroupper
        vmovdqa 1b(%rip), %xmm0
        vgatherdps %xmm1, (%rdx,%xmm0,4), %xmm2
        vpermq $0x4e, %ymm1, %ymm0
        mulx %rax, %rcx, %rdx
        vpternlogd $255, 0x12345678(%rax,%rcx,8), %zmm1, %zmm0{%k1}
        vmovaps 64(%rax), %zmm0
        vaddph %zmm1, %zmm2, %zmm3
        vgetexpph %zmm1, %zmm2
        vpcmov %xmm0, %xmm1, %xmm2, %xmm3
        blcfill %eax, %ecx
        bextr $0x12345678, %eax, %ecx
        ud2
