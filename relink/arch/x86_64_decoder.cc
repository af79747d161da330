// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_decoder.h"

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_byte_reader.h"
#include "relink/arch/x86_64_description.h"
#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_extended_opcodes.h"
#include "relink/arch/x86_64_groups.h"
#include "relink/arch/x86_64_mandatory_prefixes.h"
#include "relink/arch/x86_64_one_byte_opcodes.h"
#include "relink/arch/x86_64_opcodes.h"
#include "relink/arch/x86_64_two_byte_opcodes.h"

namespace relink {
namespace {

using namespace x86_64;  // NOLINT(google-build-using-namespace): its own parts

// Turns one instruction into facts, from front to back.
class Decoder {
 public:
  Decoder(std::span<const std::byte> bytes, Instruction* out)
      : reader_(bytes), out_(out) {}

  bool Decode();

 private:
  const Opcode* ReadPrefixes();
  // What an opcode is; null if there is none.
  const Opcode* Find(const Opcode& first);
  const Opcode* FindEscaped();
  const Opcode* FindVector();
  bool ReadVectorPrefix();

  bool ReadOperands(Opcode opcode);
  bool ReadModRm(const Opcode& opcode);
  bool ReadMemory();
  bool ReadImmediate(const Opcode& opcode);
  bool ReadBranch(unsigned size);

  uint8_t OperandSize(const Opcode& opcode) const;

  ByteReader reader_;
  Instruction* out_;
  Encoding encoding_;
  Opcode found_;  // The row of an opcode that has none in a table.
};

bool Decoder::Decode() {
  *out_ = {};
  const Opcode* opcode = ReadPrefixes();
  if (reader_.cut_off()) return false;
  out_->opcode_offset = static_cast<uint8_t>(reader_.position() - 1);
  encoding_.mandatory = encoding_.repeat == 0xf3   ? Mandatory::kF3
                        : encoding_.repeat == 0xf2 ? Mandatory::kF2
                        : encoding_.operand_size   ? Mandatory::k66
                                                   : Mandatory::kNone;
  opcode = Find(*opcode);
  return opcode != nullptr && ReadOperands(*opcode);
}

// Returns the row of the first byte that is no prefix. A REX prefix in front of
// another prefix does not count (SDM volume 2, 2.2.1).
const Opcode* Decoder::ReadPrefixes() {
  for (;;) {
    const uint8_t byte = reader_.Next();
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

const Opcode* Decoder::Find(const Opcode& first) {
  switch (first.group) {
    case Group::kEscape:
      return FindEscaped();
    case Group::kVex:
    case Group::kEvex:
      return FindVector();
    case Group::kPopOrXop:
      // What would be a register of pop other than 0 is one of XOP's maps.
      return (reader_.Peek() & 0x1f) >= 8 ? FindVector() : &first;
    default:
      return &first;
  }
}

const Opcode* Decoder::FindEscaped() {
  encoding_.opcode = reader_.Next();
  const Opcode& opcode = kTwoByteOpcodes[encoding_.opcode];
  if (opcode.group != Group::kEscape38 && opcode.group != Group::kEscape3a) {
    return Allows(kPrefixesOf0f, encoding_.opcode, encoding_.mandatory)
               ? &opcode
               : nullptr;
  }
  encoding_.map = opcode.group == Group::kEscape38 ? 2 : 3;
  encoding_.opcode = reader_.Next();
  return FindThreeByteOpcode(encoding_, &found_) ? &found_ : nullptr;
}

const Opcode* Decoder::FindVector() {
  if (!ReadVectorPrefix()) return nullptr;
  encoding_.opcode = reader_.Next();
  encoding_.vector_index = HasVectorIndex(encoding_);
  return FindVectorOpcode(encoding_, &found_) ? &found_ : nullptr;
}

// SDM volume 2, figures 2-9 and 2-10. Inverted are the registers' high bits,
// and VEX.vvvv.
bool Decoder::ReadVectorPrefix() {
  if (encoding_.mandatory != Mandatory::kNone || encoding_.lock ||
      encoding_.rex != 0) {
    return false;
  }
  encoding_.rex = 0x40;
  uint8_t last = reader_.Next();
  if (encoding_.opcode == 0xc5) {
    encoding_.map = 1;
    encoding_.rex |= static_cast<uint8_t>(~last >> 5 & 4);
  } else {
    encoding_.map = last & 0x1f;
    encoding_.rex |= static_cast<uint8_t>(~last >> 5 & 7);
    if (encoding_.opcode == 0xc4 && encoding_.map >= 8) return false;
    if (encoding_.opcode == 0x62) {
      // A bit that is 0, and below one that is 1, or else it is APX's.
      if ((last & 8) != 0) return false;
      encoding_.evex = true;
      encoding_.map = last & 7;
    }
    last = reader_.Next();
    encoding_.rex |= static_cast<uint8_t>(last >> 4 & 8);
    if (encoding_.evex) {
      if ((last & 4) == 0) return false;
      reader_.Next();
    }
  }
  encoding_.vvvv = static_cast<uint8_t>(~last >> 3 & 0xf);
  encoding_.mandatory = static_cast<Mandatory>(last & 3);
  return true;
}

bool Decoder::ReadOperands(Opcode opcode) {
  if ((opcode.form & kModRm) != 0 && !ReadModRm(opcode)) return false;
  if (opcode.group != Group::kNone && !ChooseFromGroup(encoding_, &opcode)) {
    return false;
  }
  const uint16_t wrong = encoding_.mod == 3 ? kMemoryOnly : kRegisterOnly;
  if ((opcode.form & (kRefused | wrong)) != 0) return false;
  out_->operand_size = OperandSize(opcode);
  if (!ReadImmediate(opcode) || reader_.cut_off()) return false;
  out_->length = reader_.position();
  DescribeInstruction(encoding_, opcode, out_);
  return true;
}

bool Decoder::ReadModRm(const Opcode& opcode) {
  const uint8_t byte = reader_.Next();
  encoding_.mod = byte >> 6;
  encoding_.reg = byte >> 3 & 7;
  encoding_.rm = byte & 7;
  // Moves of %cr and %dr ignore ModRM.mod.
  if (opcode.group == Group::kControl) encoding_.mod = 3;
  if (encoding_.mod == 3) return !encoding_.vector_index;
  return ReadMemory();
}

// SDM volume 2, tables 2-2 and 2-3.
bool Decoder::ReadMemory() {
  out_->memory = true;
  out_->special_address = encoding_.segment || encoding_.address_size ||
                          encoding_.vector_index ||
                          (encoding_.evex && encoding_.mod == 1);
  bool has_base = true;
  uint8_t base = encoding_.rm;
  if (encoding_.vector_index && encoding_.rm != 4) return false;
  if (encoding_.rm == 4) {
    const uint8_t sib = reader_.Next();
    base = sib & 7;
    has_base = base != 5 || encoding_.mod != 0;
    const uint8_t index = Encoding::Join(sib >> 3 & 7, encoding_.rex >> 1);
    if (index != 4 && !encoding_.vector_index) {
      out_->index = index;
      out_->scale = static_cast<uint8_t>(1u << (sib >> 6));
    }
  } else if (encoding_.rm == 5 && encoding_.mod == 0) {
    if (out_->special_address) return false;
    has_base = false;
    out_->pc_relative_memory = true;
    out_->field_offset = reader_.position();
    out_->field_size = 4;
  }
  if (has_base) out_->base = Encoding::Join(base, encoding_.rex);
  if (encoding_.mod == 1) {
    out_->memory_displacement = static_cast<int32_t>(reader_.NextSigned(1));
  } else if (encoding_.mod == 2 || !has_base) {
    out_->memory_displacement = static_cast<int32_t>(reader_.NextSigned(4));
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
      out_->immediate = reader_.NextSigned(1);
      return true;
    case Immediate::k16:
      out_->immediate = reader_.NextSigned(2);
      return true;
    case Immediate::kOperand:
      out_->immediate = reader_.NextSigned(size < 4 ? size : 4);
      return true;
    case Immediate::kFull:
      out_->immediate = reader_.NextSigned(size);
      return true;
    case Immediate::k16And8:
      out_->immediate = reader_.NextSigned(2);
      reader_.Next();
      return true;
    case Immediate::k8And8:
      out_->immediate = reader_.NextSigned(1);
      reader_.Next();
      return true;
    case Immediate::kAddress:
      reader_.NextSigned(encoding_.address_size ? 4 : 8);
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
  out_->field_offset = reader_.position();
  out_->field_size = static_cast<uint8_t>(size);
  out_->displacement = static_cast<int32_t>(reader_.NextSigned(size));
  return true;
}

}  // namespace

bool DecodeX86_64(std::span<const std::byte> bytes, Instruction* instruction) {
  return Decoder(bytes, instruction).Decode();
}

}  // namespace relink
