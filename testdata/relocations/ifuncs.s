# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Functions that are chosen when the library is loaded. Each resolver counts its
# calls, and chooses through a word that must have been relocated by then.

        .data
        .balign 8
        .globl  resolver_calls
        .type   resolver_calls, @object
        .size   resolver_calls, 4
resolver_calls:
        .long   0
        .balign 8
chosen: .quad   implementation          # R_X86_64_RELATIVE
        .globl  ifunc_pointer
        .type   ifunc_pointer, @object
        .size   ifunc_pointer, 8
ifunc_pointer:                          # R_X86_64_64 against an ifunc
        .quad   global_ifunc
        .globl  local_pointer
        .type   local_pointer, @object
        .size   local_pointer, 8
local_pointer:                          # R_X86_64_IRELATIVE
        .quad   local_ifunc

        .text
resolver:
        mov     resolver_calls@GOTPCREL(%rip), %rax
        incl    (%rax)
        mov     chosen(%rip), %rax
        ret
        .set    local_ifunc, resolver
        .type   local_ifunc, @gnu_indirect_function
        .globl  global_ifunc
        .set    global_ifunc, resolver
        .type   global_ifunc, @gnu_indirect_function

implementation:
        mov     $77, %eax
        ret

        .globl  call_global, call_local, global_through_got
        .type   call_global, @function
call_global:                            # R_X86_64_JUMP_SLOT against an ifunc
        jmp     global_ifunc@PLT
        .type   call_local, @function
call_local:                             # R_X86_64_IRELATIVE in .got.plt
        jmp     local_ifunc@PLT
        .type   global_through_got, @function
global_through_got:                     # R_X86_64_GLOB_DAT against an ifunc
        jmp     *global_ifunc@GOTPCREL(%rip)

        .section .note.GNU-stack, "", @progbits
