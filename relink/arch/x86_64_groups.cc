// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_groups.h"

#include <cstdint>

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {
namespace {

void AddForm(Opcode* opcode, uint16_t form) {
  opcode->form = static_cast<uint16_t>(opcode->form | form);
}

// Whether bit `reg` of `valid` is set.
bool IsIn(uint8_t reg, unsigned valid) { return (valid >> reg & 1) != 0; }

// add, or, adc, sbb, and, sub, xor, cmp.
bool Arithmetic(const Encoding& encoding, Opcode* opcode) {
  if (encoding.reg == 7) {
    opcode->operation = Operation::kCompareImmediate;
    return true;
  }
  AddForm(opcode, kWritesRm);
  if (encoding.reg == 4) opcode->operation = Operation::kAndImmediate;
  if (encoding.reg == 5) opcode->operation = Operation::kSubtractImmediate;
  return true;
}

// %cs cannot be loaded.
bool Segment(const Encoding& encoding) {
  return encoding.reg < 6 && !(encoding.opcode == 0x8e && encoding.reg == 1);
}

// nop and pause, unless REX.B makes it xchg %r8, %rax.
bool Exchange(const Encoding& encoding, Opcode* opcode) {
  if ((encoding.rex & 1) == 0) {
    *opcode = {.form = 0, .operation = Operation::kNop};
  }
  return true;
}

// mov, xabort, xbegin.
bool Move(const Encoding& encoding, Opcode* opcode) {
  if (encoding.reg == 0) return true;
  if (encoding.reg != 7 || !encoding.register_operand() || encoding.rm != 0) {
    return false;
  }
  if (encoding.opcode == 0xc6) {
    *opcode = {.form = kModRm, .immediate = Immediate::k8, .writes = kRax};
  } else {
    *opcode = {.form = kModRm | kWide,
               .immediate = Immediate::kRelative32,
               .writes = kRax,
               .flow = Flow::kConditional};
  }
  return true;
}

bool X87(const Encoding& encoding, Opcode* opcode) {
  if (!encoding.register_operand()) {
    // Which memory forms there are, of d8 to df.
    constexpr uint8_t kMemory[8] = {0xff, 0xfd, 0xff, 0xaf,
                                    0xff, 0xdf, 0xff, 0xff};
    return IsIn(encoding.reg, kMemory[encoding.opcode & 7]);
  }
  // Which register forms, by the low six bits of ModRM.
  constexpr uint64_t kRegisters[8] = {0xffffffffffffffff, 0xffff7f330001ffff,
                                      0x00000200ffffffff, 0x00ffff3fffffffff,
                                      0xffffffff0000ffff, 0x0000ffffffff00ff,
                                      0xffffffff0200ffff, 0x00ffff01000000ff};
  const unsigned number = encoding.reg * 8u + encoding.rm;
  if ((kRegisters[encoding.opcode & 7] >> number & 1) == 0) return false;
  // fnstsw %ax.
  if (encoding.opcode == 0xdf && encoding.reg == 4 && encoding.rm == 0) {
    opcode->writes = kRax;
  }
  return true;
}

// test, not, neg, mul, imul, div, idiv.
bool Unary(const Encoding& encoding, Opcode* opcode) {
  if (encoding.reg < 2) return true;
  opcode->immediate = Immediate::kNone;
  if (encoding.reg < 4) {
    AddForm(opcode, kWritesRm);
  } else {
    const bool byte = (opcode->form & kByte) != 0;
    opcode->writes = byte ? kRax : kRax | kRdx;
  }
  return true;
}

// inc, dec, call, lcall, jmp, ljmp, push.
bool Indirect(const Encoding& encoding, Opcode* opcode) {
  switch (encoding.reg) {
    case 0:
    case 1:
      AddForm(opcode, kWritesRm);
      return true;
    case 2:
    case 3:
      opcode->flow = Flow::kIndirectCall;
      opcode->writes = kCallerSaved;
      break;
    case 4:
    case 5:
      opcode->flow = Flow::kIndirectJump;
      break;
    case 6:
      opcode->writes = kRsp;
      AddForm(opcode, kWide);
      return true;
    default:
      return false;
  }
  const bool far = (encoding.reg & 1) != 0;
  if (far) {
    AddForm(opcode, kMemoryOnly);
    return true;
  }
  AddForm(opcode, kWide);
  return !encoding.operand_size || encoding.wide();
}

// sldt, str, lldt, ltr, verr, verw.
bool System(const Encoding& encoding, Opcode* opcode) {
  if (encoding.reg < 2) AddForm(opcode, kWritesRm);
  return encoding.reg < 6;
}

// Instructions of a processor, one for each ModRM of registers. Of most it is
// not documented in one place what they write; by ModRM's low six bits.
uint16_t WritesOfMonitor(const Encoding& encoding) {
  constexpr uint16_t kUnknown = kCallerSaved | kRbx | kRbp;
  if (encoding.mandatory != Mandatory::kNone) return kUnknown;
  switch (encoding.reg * 8 + encoding.rm) {
    case 012:  // clac
    case 013:  // stac
    case 025:  // xend
    case 026:  // xtest
    case 057:  // wrpkru
    case 070:  // swapgs
      return 0;
    case 020:  // xgetbv
    case 056:  // rdpkru
      return kRax | kRdx;
    case 071:  // rdtscp
      return kRax | kRcx | kRdx;
    default:
      return kUnknown;
  }
}

bool Monitor(const Encoding& encoding, Opcode* opcode) {
  if (!encoding.register_operand()) {
    // rstorssp, the only one of /5, needs f3.
    return encoding.reg != 5 || encoding.mandatory == Mandatory::kF3;
  }
  switch (encoding.reg) {
    case 4:  // smsw
      AddForm(opcode, kWritesRm);
      return true;
    case 6:  // lmsw
      return true;
    default:
      break;
  }
  opcode->writes = WritesOfMonitor(encoding);
  const bool prefixed = encoding.mandatory == Mandatory::kF3 ||
                        encoding.mandatory == Mandatory::kF2;
  const unsigned number = encoding.reg * 8u + encoding.rm;
  if (prefixed && (number == 012 || number == 054)) {
    opcode->flow = Flow::kReturn;  // eretu, erets, uiret
  }
  return true;
}

// endbr64, rdssp, and what is reserved to be nothing.
bool ShadowStack(const Encoding& encoding, Opcode* opcode) {
  if (!encoding.register_operand() || encoding.mandatory != Mandatory::kF3) {
    return true;
  }
  if (encoding.reg == 1) AddForm(opcode, kWritesRm);
  if (encoding.reg == 7 && (encoding.rm == 2 || encoding.rm == 3)) {
    opcode->operation = Operation::kNop;
  }
  return true;
}

// Of %cr there are 0, 2, 3, 4 and 8, of %dr 0 to 7.
bool Control(const Encoding& encoding) {
  const bool debug = (encoding.opcode & 1) != 0;
  return IsIn(encoding.full_reg(), debug ? 0xff : 0x11d);
}

// Shifts by an immediate: right, arithmetic right, left; of whole registers.
bool VectorShift(const Encoding& encoding) {
  return IsIn(encoding.reg, encoding.opcode == 0x73 ? 0xcc : 0x54);
}

// vmread; with a prefix AMD's extrq and insertq.
bool ReadField(const Encoding& encoding, Opcode* opcode) {
  switch (encoding.mandatory) {
    case Mandatory::kNone:
      AddForm(opcode, kWritesRm);
      return true;
    case Mandatory::k66:
    case Mandatory::kF2:
      AddForm(opcode, kRegisterOnly);
      opcode->immediate = Immediate::k8And8;
      return encoding.mandatory == Mandatory::kF2 || encoding.reg == 0;
    case Mandatory::kF3:
      return false;
  }
  return false;
}

// VIA's PadLock: montmul, xsha1, xsha256; xstore, xcrypt in five modes.
bool PadLock(const Encoding& encoding) {
  return encoding.rm == 0 && encoding.reg < (encoding.opcode == 0xa6 ? 3 : 6);
}

// fxsave and its kin; fences; %fs and %gs bases; waiting.
bool Save(const Encoding& encoding, Opcode* opcode) {
  if (!encoding.register_operand()) return true;
  if (encoding.reg > 4) return true;
  if (encoding.reg < 2) AddForm(opcode, kWritesRm);
  return encoding.mandatory == Mandatory::kF3;
}

// bt, bts, btr, btc.
bool BitTest(const Encoding& encoding, Opcode* opcode) {
  if (encoding.reg > 4) AddForm(opcode, kWritesRm);
  return encoding.reg >= 4;
}

// cmpxchg8b, xrstors, xsavec, xsaves, vmptrld, vmptrst; rdrand, rdseed.
bool Exchange8(const Encoding& encoding, Opcode* opcode) {
  if (encoding.register_operand()) {
    AddForm(opcode, kWritesRm);
    return encoding.reg >= 6;
  }
  if (encoding.reg == 1) opcode->writes = kRax | kRdx;
  return IsIn(encoding.reg, 0xfa);
}

}  // namespace

bool ChooseFromGroup(const Encoding& encoding, Opcode* opcode) {
  switch (opcode->group) {
    case Group::kArithmetic:
      return Arithmetic(encoding, opcode);
    case Group::kSegment:
      return Segment(encoding);
    case Group::kPopOrXop:
      return encoding.reg == 0;
    case Group::kExchange:
      return Exchange(encoding, opcode);
    case Group::kMove:
      return Move(encoding, opcode);
    case Group::kX87:
      return X87(encoding, opcode);
    case Group::kUnary:
      return Unary(encoding, opcode);
    case Group::kIncrement:
      return encoding.reg < 2;
    case Group::kIndirect:
      return Indirect(encoding, opcode);
    case Group::kSystem:
      return System(encoding, opcode);
    case Group::kMonitor:
      return Monitor(encoding, opcode);
    case Group::kShadowStack:
      return ShadowStack(encoding, opcode);
    case Group::kControl:
      return Control(encoding);
    case Group::kVectorShift:
      return VectorShift(encoding);
    case Group::kReadField:
      return ReadField(encoding, opcode);
    case Group::kMoveVector:  // To a general register, but for movq of f3.
      if (encoding.mandatory != Mandatory::kF3) AddForm(opcode, kWritesRm);
      return true;
    case Group::kPadLock:
      return PadLock(encoding);
    case Group::kSave:
      return Save(encoding, opcode);
    case Group::kPopulation:  // popcnt
      return encoding.mandatory == Mandatory::kF3;
    case Group::kBitTest:
      return BitTest(encoding, opcode);
    case Group::kExchange8:
      return Exchange8(encoding, opcode);
    case Group::kToInteger:  // To MMX registers without f3 and f2.
      if (encoding.repeat != 0) AddForm(opcode, kWritesReg);
      return true;
    case Group::kNone:
    case Group::kPrefix:
    case Group::kRex:
    case Group::kEscape:
    case Group::kEscape38:
    case Group::kEscape3a:
    case Group::kVex:
    case Group::kEvex:
      break;
  }
  return false;
}

}  // namespace relink::x86_64
