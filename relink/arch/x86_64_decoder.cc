// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_decoder.h"

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_groups.h"
#include "relink/arch/x86_64_one_byte_opcodes.h"
#include "relink/arch/x86_64_opcodes.h"
#include "relink/arch/x86_64_two_byte_opcodes.h"

namespace relink {
namespace {

using namespace x86_64;  // NOLINT(google-build-using-namespace): its own parts

constexpr size_t kMaxLength = 15;  // SDM volume 2, 2.3.11.

uint16_t Bit(uint8_t number) { return static_cast<uint16_t>(1u << number); }

// One instruction, read from front to back.
class Decoder {
 public:
  Decoder(std::span<const std::byte> bytes, Instruction* out)
      : bytes_(
            bytes.first(bytes.size() < kMaxLength ? bytes.size() : kMaxLength)),
        out_(out) {}

  bool Decode();

 private:
  // The next bytes as a little-endian integer; 0 and cut off if there are none.
  uint8_t Next() {
    if (at_ == bytes_.size()) {
      cut_off_ = true;
      return 0;
    }
    return static_cast<uint8_t>(bytes_[at_++]);
  }
  uint64_t Next(unsigned size) {
    uint64_t value = 0;
    for (unsigned i = 0; i < size; ++i) value |= uint64_t{Next()} << (8 * i);
    return value;
  }
  // Sign-extended.
  int64_t NextSigned(unsigned size) {
    const unsigned unused = 64 - 8 * size;
    return static_cast<int64_t>(Next(size) << unused) >> unused;
  }

  const Opcode* ReadPrefixes();
  bool ReadOperands(Opcode opcode);
  bool ReadModRm(const Opcode& opcode);
  bool ReadMemory();
  bool ReadImmediate(const Opcode& opcode);
  bool ReadBranch(unsigned size);
  void Describe(const Opcode& opcode);
  void DescribeOperation(const Opcode& opcode, uint8_t reg, uint8_t rm);

  uint8_t OperandSize(const Opcode& opcode) const;
  uint8_t GeneralRegister(uint8_t number, bool byte) const;

  std::span<const std::byte> bytes_;
  Instruction* out_;
  size_t at_ = 0;
  bool cut_off_ = false;
  Encoding encoding_;
};

// Returns the row of the first byte that is no prefix. A REX prefix in front of
// another prefix does not count (SDM volume 2, 2.2.1).
const Opcode* Decoder::ReadPrefixes() {
  for (;;) {
    const uint8_t byte = Next();
    const Opcode& opcode = kOneByteOpcodes[byte];
    if (opcode.group == Group::kRex) {
      encoding_.rex = byte;
      continue;
    }
    if (opcode.group != Group::kPrefix) {
      encoding_.opcode = byte;
      return &opcode;
    }
    encoding_.rex = 0;
    switch (byte) {
      case 0x64:
      case 0x65:
        encoding_.segment = true;
        break;
      case 0x66:
        encoding_.operand_size = true;
        break;
      case 0x67:
        encoding_.address_size = true;
        break;
      case 0xf0:
        encoding_.lock = true;
        break;
      case 0xf2:
      case 0xf3:
        encoding_.repeat = byte;
        break;
      default:  // Other segments: branch hints, notrack, or nothing.
        break;
    }
  }
}

bool Decoder::Decode() {
  *out_ = {};
  const Opcode* opcode = ReadPrefixes();
  if (cut_off_) return false;
  out_->opcode_offset = static_cast<uint8_t>(at_ - 1);
  encoding_.mandatory = encoding_.repeat == 0xf3   ? Mandatory::kF3
                        : encoding_.repeat == 0xf2 ? Mandatory::kF2
                        : encoding_.operand_size   ? Mandatory::k66
                                                   : Mandatory::kNone;
  switch (opcode->group) {
    case Group::kEscape:
      encoding_.opcode = Next();
      opcode = &kTwoByteOpcodes[encoding_.opcode];
      if (opcode->group == Group::kEscape38 ||
          opcode->group == Group::kEscape3a) {
        return false;
      }
      break;
    case Group::kVex:
    case Group::kEvex:
      return false;
    default:
      break;
  }
  return ReadOperands(*opcode);
}

bool Decoder::ReadOperands(Opcode opcode) {
  if ((opcode.form & kModRm) != 0 && !ReadModRm(opcode)) return false;
  if (opcode.group != Group::kNone && !ChooseFromGroup(encoding_, &opcode)) {
    return false;
  }
  const uint16_t wrong = encoding_.mod == 3 ? kMemoryOnly : kRegisterOnly;
  if ((opcode.form & (kRefused | wrong)) != 0) return false;
  out_->operand_size = OperandSize(opcode);
  if (!ReadImmediate(opcode) || cut_off_) return false;
  out_->length = static_cast<uint8_t>(at_);
  out_->flow = opcode.flow;
  Describe(opcode);
  return true;
}

bool Decoder::ReadModRm(const Opcode& opcode) {
  const uint8_t byte = Next();
  encoding_.mod = byte >> 6;
  encoding_.reg = byte >> 3 & 7;
  encoding_.rm = byte & 7;
  // Moves of %cr and %dr ignore ModRM.mod.
  if (opcode.group == Group::kControl) encoding_.mod = 3;
  return encoding_.mod == 3 || ReadMemory();
}

// SDM volume 2, tables 2-2 and 2-3.
bool Decoder::ReadMemory() {
  out_->memory = true;
  out_->special_address = encoding_.segment || encoding_.address_size;
  bool has_base = true;
  uint8_t base = encoding_.rm;
  if (encoding_.rm == 4) {
    const uint8_t sib = Next();
    base = sib & 7;
    has_base = base != 5 || encoding_.mod != 0;
    const uint8_t index =
        static_cast<uint8_t>((sib >> 3 & 7) | (encoding_.rex & 2) << 2);
    if (index != 4) {
      out_->index = index;
      out_->scale = static_cast<uint8_t>(1u << (sib >> 6));
    }
  } else if (encoding_.rm == 5 && encoding_.mod == 0) {
    if (out_->special_address) return false;
    has_base = false;
    out_->pc_relative_memory = true;
    out_->field_offset = static_cast<uint8_t>(at_);
    out_->field_size = 4;
  }
  if (has_base) {
    out_->base = static_cast<uint8_t>(base | (encoding_.rex & 1) << 3);
  }
  if (encoding_.mod == 1) {
    out_->memory_displacement = static_cast<int32_t>(NextSigned(1));
  } else if (encoding_.mod == 2 || !has_base) {
    out_->memory_displacement = static_cast<int32_t>(NextSigned(4));
  }
  if (out_->pc_relative_memory) out_->displacement = out_->memory_displacement;
  return true;
}

uint8_t Decoder::OperandSize(const Opcode& opcode) const {
  if ((opcode.form & kByte) != 0) return 1;
  if (encoding_.wide()) return 8;
  if (encoding_.operand_size) return 2;
  return (opcode.form & kWide) != 0 ? 8 : 4;
}

bool Decoder::ReadImmediate(const Opcode& opcode) {
  const unsigned size = out_->operand_size;
  switch (opcode.immediate) {
    case Immediate::kNone:
      return true;
    case Immediate::k8:
      out_->immediate = NextSigned(1);
      return true;
    case Immediate::k16:
      out_->immediate = NextSigned(2);
      return true;
    case Immediate::kOperand:
      out_->immediate = NextSigned(size < 4 ? size : 4);
      return true;
    case Immediate::kFull:
      out_->immediate = NextSigned(size);
      return true;
    case Immediate::k16And8:
      out_->immediate = NextSigned(2);
      Next();
      return true;
    case Immediate::k8And8:
      out_->immediate = NextSigned(1);
      Next();
      return true;
    case Immediate::kAddress:
      Next(encoding_.address_size ? 4 : 8);
      out_->memory = true;
      out_->special_address = true;
      return true;
    case Immediate::kRelative8:
      return ReadBranch(1);
    case Immediate::kRelative32:
      return ReadBranch(4);
  }
  return false;
}

// With an operand-size prefix AMD's processors read two bytes and go on below
// 64 KiB (APM volume 3, "Jcc", "CALL (Near)"), Intel's ignore the prefix (SDM
// volume 2, the same). All go by REX.W, which TLS sequences add as padding.
bool Decoder::ReadBranch(unsigned size) {
  if (encoding_.operand_size && !encoding_.wide()) return false;
  out_->field_offset = static_cast<uint8_t>(at_);
  out_->field_size = static_cast<uint8_t>(size);
  out_->displacement = static_cast<int32_t>(NextSigned(size));
  return true;
}

// Without a REX prefix, bytes 4 to 7 are %ah, %ch, %dh and %bh.
uint8_t Decoder::GeneralRegister(uint8_t number, bool byte) const {
  const bool high = byte && encoding_.rex == 0 && number >= 4;
  return static_cast<uint8_t>(high ? number - 4 : number);
}

void Decoder::Describe(const Opcode& opcode) {
  const uint16_t form = opcode.form;
  const bool byte = (form & kByte) != 0;
  const uint8_t reg = GeneralRegister(encoding_.full_reg(), byte);
  const bool byte_source = opcode.operation == Operation::kLoadZeroExtended &&
                           (encoding_.opcode & 1) == 0;
  const uint8_t rm = GeneralRegister(encoding_.full_rm(), byte || byte_source);
  uint16_t writes = opcode.writes;
  if ((form & kWritesReg) != 0) writes |= Bit(reg);
  if ((form & kWritesRm) != 0 && encoding_.mod == 3) writes |= Bit(rm);
  if ((form & kWritesLow) != 0) {
    const uint8_t low =
        static_cast<uint8_t>((encoding_.opcode & 7) | (encoding_.rex & 1) << 3);
    writes |= Bit(GeneralRegister(low, byte));
  }
  out_->may_write = writes;
  if (opcode.flow == Flow::kConditional) {
    const bool is_jcc =
        (encoding_.opcode & 0xf0) == 0x70 || (encoding_.opcode & 0xf0) == 0x80;
    if (is_jcc) out_->condition = encoding_.opcode & 0xf;
  }
  const bool indirect =
      opcode.flow == Flow::kIndirectCall || opcode.flow == Flow::kIndirectJump;
  if (indirect && !out_->memory) out_->rm = rm;
  if (opcode.operation == Operation::kNop ||
      (opcode.operation != Operation::kOther && !out_->special_address)) {
    DescribeOperation(opcode, reg, rm);
  }
}

// Sets operation, reg, rm and source_size. What works on fewer than four bytes
// leaves the rest of its register alone, and is none of these operations.
void Decoder::DescribeOperation(const Opcode& opcode, uint8_t reg, uint8_t rm) {
  Operation operation = opcode.operation;
  const bool memory = out_->memory;
  const bool whole = out_->operand_size >= 4;
  const uint8_t low =
      static_cast<uint8_t>((encoding_.opcode & 7) | (encoding_.rex & 1) << 3);
  switch (operation) {
    case Operation::kOther:
      return;
    case Operation::kNop:
      out_->operation = operation;
      return;
    case Operation::kCompareImmediate:
    case Operation::kAndImmediate:
    case Operation::kSubtractImmediate:
      out_->operation = operation;
      // Without ModRM, the operand is %rax.
      if (!memory) out_->rm = (opcode.form & kModRm) != 0 ? rm : 0;
      return;
    case Operation::kMoveImmediate:
      if (!whole || memory) return;
      out_->operation = operation;
      out_->rm = (opcode.form & kModRm) != 0 ? rm : low;
      return;
    case Operation::kLoadSignExtended:
      if (out_->operand_size != 8) return;
      out_->source_size = 4;
      break;
    case Operation::kLoadZeroExtended:
      out_->source_size = (encoding_.opcode & 1) != 0 ? 2 : 1;
      break;
    case Operation::kLoad:
      if (!memory) operation = Operation::kMove;
      break;
    case Operation::kAdd:
      if (memory) operation = Operation::kAddMemory;
      break;
    case Operation::kLea:
    case Operation::kMove:
    case Operation::kAddMemory:
      break;
  }
  const bool to_rm = (opcode.form & kToRm) != 0;
  if (!whole || (to_rm && memory)) return;
  out_->operation = operation;
  out_->reg = to_rm ? rm : reg;
  if (!memory) out_->rm = to_rm ? reg : rm;
}

}  // namespace

bool DecodeX86_64(std::span<const std::byte> bytes, Instruction* instruction) {
  return Decoder(bytes, instruction).Decode();
}

}  // namespace relink
