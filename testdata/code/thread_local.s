# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Every way to reach a thread-local variable, of this module and of another.
# Static linkers turn the more general ways into others if they can.

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
        function general_dynamic
        push    %rbx
        .byte   0x66
        lea     other@tlsgd(%rip), %rdi
        .value  0x6666
        rex64
        call    __tls_get_addr@PLT
        pop     %rbx
        ret
        end_function general_dynamic

        function general_dynamic_through_got
        push    %rbx
        .byte   0x66
        lea     other@tlsgd(%rip), %rdi
        .byte   0x66
        rex64
        call    *__tls_get_addr@GOTPCREL(%rip)
        pop     %rbx
        ret
        end_function general_dynamic_through_got

        function local_dynamic
        push    %rbx
        lea     own@tlsld(%rip), %rdi
        call    __tls_get_addr@PLT
        lea     own@dtpoff(%rax), %rax
        pop     %rbx
        ret
        end_function local_dynamic

        function initial_exec
        mov     other@gottpoff(%rip), %rax
        mov     %fs:(%rax), %eax
        ret
        end_function initial_exec

        function initial_exec_added
        mov     %fs:0, %rax
        add     other@gottpoff(%rip), %rax
        ret
        end_function initial_exec_added

        function descriptor
        push    %rbx
        lea     other@tlsdesc(%rip), %rax
        call    *other@tlscall(%rax)
        mov     %fs:(%rax), %eax
        pop     %rbx
        ret
        end_function descriptor

# Through the global offset table, as long as the linker does not know better.
        function loads_address
        mov     local_function@GOTPCREL(%rip), %rax
        call    *local_function@GOTPCREL(%rip)
        jmp     *local_function@GOTPCREL(%rip)
        end_function loads_address

        .hidden local_function
        function local_function
        ret
        end_function local_function

        .section .tdata, "awT", @progbits
        .balign 4
own:    .long   7
        .globl  other
        .type   other, @object
        .size   other, 4
other:  .long   8

        .section .note.GNU-stack, "", @progbits
