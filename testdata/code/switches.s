# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Switches as compilers make them, and some that only look like one.

        .macro  function name
        .globl  \name
        .type   \name, @function
        .balign 16
\name:
        .cfi_startproc
        .endm
        .macro  end_function name
        .cfi_endproc
        .size   \name, .-\name
        .endm

        .text
# What GCC makes of it.
        function plain
        cmp     $3, %edi
        ja      1f
        lea     .Lplain(%rip), %rdx
        mov     %edi, %edi
        movslq  (%rdx,%rdi,4), %rax
        add     %rdx, %rax
        jmp     *%rax
.Lplain0:
        mov     $10, %eax
        ret
.Lplain1:
        mov     $11, %eax
        ret
.Lplain2:
        mov     $12, %eax
        ret
1:      xor     %eax, %eax
        ret
        end_function plain

# The index has so few bits that nothing need be checked.
        function masked
        lea     -2(%rdi), %eax
        and     $1, %eax
        lea     .Lmasked(%rip), %rcx
        movslq  (%rcx,%rax,4), %rax
        add     %rcx, %rax
        notrack jmp *%rax
.Lmasked0:
        mov     $20, %eax
        ret
.Lmasked1:
        mov     $21, %eax
        ret
        end_function masked

# The index is compared where it is, in memory.
        function in_memory
        cmpb    $2, 4(%rdi)
        jae     1f
        lea     .Lin_memory(%rip), %rdx
        movzbl  4(%rdi), %eax
        movslq  (%rdx,%rax,4), %rax
        add     %rdx, %rax
        jmp     *%rax
.Lin_memory0:
        mov     $30, %eax
        ret
.Lin_memory1:
        mov     $31, %eax
        ret
1:      xor     %eax, %eax
        ret
        end_function in_memory

# The address of the table is computed long before.
        function hoisted
        lea     .Lhoisted(%rip), %r8
        xor     %eax, %eax
.Lhoisted0:
        add     $1, %eax
        movzbl  (%rdi), %ecx
        add     $1, %rdi
        cmp     $1, %cl
        ja      1f
        movzbl  %cl, %ecx
        movslq  (%r8,%rcx,4), %rcx
        add     %r8, %rcx
        jmp     *%rcx
1:      ret
.Lhoisted1:
        add     $100, %eax
        jmp     .Lhoisted0
        end_function hoisted

# Nothing says how many entries there are.
        function unchecked
        lea     .Lunchecked(%rip), %rdx
        mov     %edi, %edi
        movslq  (%rdx,%rdi,4), %rax
        add     %rdx, %rax
        jmp     *%rax
.Lunchecked0:
        mov     $40, %eax
        ret
        end_function unchecked

# Only the lower half of the index was checked.
        function half_checked
        cmp     $1, %edi
        ja      1f
        lea     .Lhalf_checked(%rip), %rdx
        movslq  (%rdx,%rdi,4), %rax
        add     %rdx, %rax
        jmp     *%rax
.Lhalf_checked0:
        mov     $50, %eax
        ret
1:      xor     %eax, %eax
        ret
        end_function half_checked

# Something else gets behind the check.
        function entered_behind_check
        test    %rsi, %rsi
        jne     2f
        cmp     $1, %edi
        ja      1f
2:      mov     %edi, %edi
        lea     .Lentered(%rip), %rdx
        movslq  (%rdx,%rdi,4), %rax
        add     %rdx, %rax
        jmp     *%rax
.Lentered0:
        mov     $60, %eax
        ret
1:      xor     %eax, %eax
        ret
        end_function entered_behind_check

# One case is in another function: .cold, say.
        function leads_elsewhere
        cmp     $1, %edi
        ja      1f
        mov     %edi, %edi
        lea     .Lelsewhere(%rip), %rdx
        movslq  (%rdx,%rdi,4), %rax
        add     %rdx, %rax
        jmp     *%rax
.Lelsewhere0:
        mov     $70, %eax
        ret
1:      xor     %eax, %eax
        ret
        end_function leads_elsewhere

        function elsewhere
        mov     $71, %eax
        ret
        end_function elsewhere

# Two jumps through one table, of which one has the check.
        function twice
        cmp     $1, %edi
        ja      1f
        mov     %edi, %edi
        lea     .Ltwice(%rip), %rdx
        movslq  (%rdx,%rdi,4), %rax
        add     %rdx, %rax
        jmp     *%rax
.Ltwice0:
        mov     %esi, %esi
        movslq  (%rdx,%rsi,4), %rax
        add     %rdx, %rax
        jmp     *%rax
1:      xor     %eax, %eax
        ret
        end_function twice
        .set    elsewhere.local, elsewhere

        .section .rodata, "a", @progbits
        .balign 4
.Lplain:
        .long   .Lplain0-.Lplain, .Lplain1-.Lplain, .Lplain2-.Lplain
        .long   .Lplain0-.Lplain
.Lmasked:
        .long   .Lmasked0-.Lmasked, .Lmasked1-.Lmasked
.Lin_memory:
        .long   .Lin_memory0-.Lin_memory, .Lin_memory1-.Lin_memory
.Lhoisted:
        .long   .Lhoisted0-.Lhoisted, .Lhoisted1-.Lhoisted
.Lunchecked:
        .long   .Lunchecked0-.Lunchecked
.Lhalf_checked:
        .long   .Lhalf_checked0-.Lhalf_checked, .Lhalf_checked0-.Lhalf_checked
.Lentered:
        .long   .Lentered0-.Lentered, .Lentered0-.Lentered
.Lelsewhere:
        .long   .Lelsewhere0-.Lelsewhere, elsewhere.local-.Lelsewhere
.Ltwice:
        .long   .Ltwice0-.Ltwice, .Ltwice0-.Ltwice

        .section .note.GNU-stack, "", @progbits
