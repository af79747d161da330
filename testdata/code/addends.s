# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# References whose addends lead beyond what they are against.

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
        function referred
        mov     $1, %eax
        ret
        end_function referred

# The end of a function, places behind immediates, the end of itself.
        function refers
        lea     referred.local(%rip), %rax
        lea     referred.local+6(%rip), %rax
        cmpb    $1, referred.local(%rip)
        cmpl    $1, referred.local(%rip)
        cmpl    $1000, number+4(%rip)
        lea     refers.end(%rip), %rax
        ret
refers.end:
        end_function refers
        .balign 16, 0x90

        function behind
        ret
        end_function behind
        .set    referred.local, referred

# Far behind a function, in another one.
        function takes_middle
        lea     middle(%rip), %rax
        ret
        end_function takes_middle
        .balign 16, 0x90

        function has_middle
        nop
        nop
middle: mov     $1, %eax
        ret
        end_function has_middle

        .data
        .balign 8
number: .long   0, 1
        .section .data.rel.ro, "aw", @progbits
        .balign 8
pointers:
        .quad   referred.local+6
        .quad   refers.end

        .section .note.GNU-stack, "", @progbits
