# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# Where exceptions land: in the function, and where no compiler has them.

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

        .macro  with_pads name, lsda
        .globl  \name
        .type   \name, @function
        .balign 16
\name:
        .cfi_startproc
        .cfi_personality 0x9b, personality
        .cfi_lsda 0x1b, \lsda
        .endm

        .text
        with_pads own_pad, .Lown
        sub     $8, %rsp
        call    thrower@PLT
        add     $8, %rsp
        ret
.Lpad:
        add     $8, %rsp
        ret
        end_function own_pad
        .set    own_pad.local, own_pad

        with_pads pad_elsewhere, .Lelsewhere
        sub     $8, %rsp
        call    thrower@PLT
        add     $8, %rsp
        ret
        end_function pad_elsewhere

        with_pads pads_from_elsewhere, .Lbase
        sub     $8, %rsp
        call    thrower@PLT
        add     $8, %rsp
        ret
        end_function pads_from_elsewhere

        with_pads broken_data, .Lbroken
        ret
        end_function broken_data

        .section .gcc_except_table, "a", @progbits
# No @LPStart, no @TType, one call site: start, length, landing pad, action.
.Lown:
        .byte   0xff, 0xff, 0x01, 4
        .uleb128 4, 5
        .uleb128 .Lpad-own_pad
        .uleb128 0
.Lelsewhere:
        .byte   0xff, 0xff, 0x01, 4
        .uleb128 4, 5, 100, 0
# @LPStart is PC-relative.
.Lbase:
        .byte   0x1b
        .long   own_pad.local-.
        .byte   0xff, 0x01, 4
        .uleb128 4, 5, 4, 0
.Lbroken:
        .byte   0x70, 0xff, 0x01, 0

        .section .data.rel.ro, "aw", @progbits
        .balign 8
personality:
        .quad   0

        .section .note.GNU-stack, "", @progbits
