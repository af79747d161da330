// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Our facts about the code of real libraries, compared with Capstone's.

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "capstone/capstone.h"
#include "gtest/gtest.h"
#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_decoder.h"
#include "relink/elf/address_view.h"
#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/parsed_image.h"
#include "relink/elf/testing/system_library.h"
#include "relink/support/address.h"
#include "relink/support/byte_order.h"
#include "relink/support/byte_view.h"

namespace relink {
namespace {

using Code = std::span<const std::byte>;

// The functions that .eh_frame_hdr lists, in the encoding that Debian's linker
// writes (LSB Core, ".eh_frame_hdr" and "The Frame Description Entry Format").
std::vector<Code> ReadFunctions(ByteView bytes) {
  struct Header {
    uint8_t encodings[4];
    Le<int32_t> frames;
    Le<uint32_t> count;
  };
  struct Entry {
    Le<int32_t> function;
    Le<int32_t> frame;
  };
  struct Frame {
    Le<uint32_t> length;
    Le<uint32_t> common;
    Le<int32_t> function;
    Le<uint32_t> size;
  };
  using elf::ValueOrThrow;
  const auto file = ValueOrThrow(elf::ElfFile<elf::Elf64Le>::Parse(bytes));
  const auto view = elf::AddressView<elf::Elf64Le>::OfFile(file);
  std::vector<Code> functions;
  for (const auto& segment : file.segments()) {
    if (segment.p_type != elf::kPtGnuEhFrame) continue;
    const ByteView table = file.Contents(segment);
    const auto count = ValueOrThrow(table.Record<Header>(0))->count;
    for (const Entry& entry :
         ValueOrThrow(table.Records<Entry>(sizeof(Header), count))) {
      const LinkAddr start(segment.p_vaddr);
      const LinkAddr function = start + int64_t{entry.function};
      const LinkAddr frame = start + int64_t{entry.frame};
      const uint32_t size =
          ValueOrThrow(view.Records<Frame>(frame, 1)).front().size;
      functions.push_back(ValueOrThrow(view.Slice(function, size)).bytes());
    }
  }
  return functions;
}

// The general registers and their parts, by name.
std::map<std::string, uint8_t> NumbersOfRegisters() {
  const std::array<std::string, 8> names = {"ax", "cx", "dx", "bx",
                                            "sp", "bp", "si", "di"};
  std::map<std::string, uint8_t> numbers;
  for (uint8_t i = 0; i < 8; ++i) {
    for (const char* prefix : {"", "e", "r"}) numbers[prefix + names[i]] = i;
    numbers[(i < 4 ? names[i].substr(0, 1) : names[i]) + "l"] = i;
    if (i < 4) numbers[names[i].substr(0, 1) + "h"] = i;
    for (const char* suffix : {"", "d", "w", "b"}) {
      numbers["r" + std::to_string(i + 8) + suffix] = i + 8;
    }
  }
  return numbers;
}

// Capstone's view of one instruction at a time.
class Capstone {
 public:
  Capstone() {
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle_) != CS_ERR_OK) return;
    cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
    instruction_ = cs_malloc(handle_);
    const std::map<std::string, uint8_t> numbers = NumbersOfRegisters();
    for (unsigned i = 1; i < X86_REG_ENDING; ++i) {
      const auto found = numbers.find(cs_reg_name(handle_, i));
      if (found != numbers.end()) numbers_[i] = found->second;
    }
  }
  Capstone(const Capstone&) = delete;
  Capstone& operator=(const Capstone&) = delete;
  ~Capstone() {
    cs_free(instruction_, 1);
    cs_close(&handle_);
  }

  // Null if it refuses. Good until the next call.
  const cs_insn* Decode(Code code) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(code.data());
    size_t size = code.size();
    uint64_t address = 0;
    return cs_disasm_iter(handle_, &bytes, &size, &address, instruction_)
               ? instruction_
               : nullptr;
  }

  uint8_t Number(x86_reg reg) const {
    const auto found = numbers_.find(reg);
    return found == numbers_.end() ? kNoRegister : found->second;
  }

  // General registers that it writes, as Instruction::may_write.
  uint16_t Writes(const cs_insn& insn) const {
    cs_regs read, written;
    uint8_t read_count = 0, written_count = 0;
    cs_regs_access(handle_, &insn, read, &read_count, written, &written_count);
    unsigned bits = 0;
    for (int i = 0; i < written_count; ++i) {
      const uint8_t number = Number(static_cast<x86_reg>(written[i]));
      if (number != kNoRegister) bits |= 1u << number;
    }
    return static_cast<uint16_t>(bits);
  }

 private:
  csh handle_ = 0;
  cs_insn* instruction_ = nullptr;
  std::map<unsigned, uint8_t> numbers_;
};

std::span<const cs_x86_op> Operands(const cs_insn& insn) {
  return {insn.detail->x86.operands, insn.detail->x86.op_count};
}

bool IsIn(const cs_insn& insn, x86_insn_group group) {
  for (int i = 0; i < insn.detail->groups_count; ++i) {
    if (insn.detail->groups[i] == group) return true;
  }
  return false;
}

Flow ExpectedFlow(const cs_insn& insn) {
  const bool direct =
      !Operands(insn).empty() && Operands(insn)[0].type == X86_OP_IMM;
  switch (insn.id) {
    case X86_INS_UD2:
    case X86_INS_UD0:
    case X86_INS_INT3:
    case X86_INS_HLT:
      return Flow::kStop;
    case X86_INS_SYSRET:
    case X86_INS_SYSEXIT:
      return Flow::kReturn;
    case X86_INS_JMP:
    case X86_INS_LJMP:
      return direct ? Flow::kJump : Flow::kIndirectJump;
    case X86_INS_CALL:
    case X86_INS_LCALL:
      return direct ? Flow::kCall : Flow::kIndirectCall;
    case X86_INS_LOOP:
    case X86_INS_LOOPE:
    case X86_INS_LOOPNE:
    case X86_INS_XBEGIN:
      return Flow::kConditional;
    default:
      break;
  }
  if (IsIn(insn, X86_GRP_RET) || IsIn(insn, X86_GRP_IRET)) {
    return Flow::kReturn;
  }
  return IsIn(insn, X86_GRP_JUMP) ? Flow::kConditional : Flow::kNext;
}

// Which operation of ours an instruction is, from its name and operands.
Operation ExpectedOperation(const cs_insn& insn) {
  const auto operands = Operands(insn);
  if (insn.id == X86_INS_NOP || insn.id == X86_INS_PAUSE ||
      insn.id == X86_INS_ENDBR64 || insn.id == X86_INS_ENDBR32) {
    return Operation::kNop;
  }
  if (operands.size() != 2) return Operation::kOther;
  const cs_x86_op& to = operands[0];
  const cs_x86_op& from = operands[1];
  const bool to_register = to.type == X86_OP_REG;
  const bool whole = to_register && to.size >= 4;
  const bool with_immediate = from.type == X86_OP_IMM;
  const bool from_register = from.type == X86_OP_REG;
  switch (insn.id) {
    case X86_INS_LEA:
      return whole ? Operation::kLea : Operation::kOther;
    case X86_INS_MOV:
    case X86_INS_MOVABS:
      if (!whole) return Operation::kOther;
      return with_immediate  ? Operation::kMoveImmediate
             : from_register ? Operation::kMove
                             : Operation::kLoad;
    case X86_INS_MOVSXD:
      return to.size == 8 ? Operation::kLoadSignExtended : Operation::kOther;
    case X86_INS_MOVZX:
      return whole ? Operation::kLoadZeroExtended : Operation::kOther;
    case X86_INS_ADD:
      if (!whole || with_immediate) return Operation::kOther;
      return from_register ? Operation::kAdd : Operation::kAddMemory;
    case X86_INS_CMP:
      return with_immediate ? Operation::kCompareImmediate : Operation::kOther;
    case X86_INS_AND:
      return with_immediate ? Operation::kAndImmediate : Operation::kOther;
    case X86_INS_SUB:
      return with_immediate ? Operation::kSubtractImmediate : Operation::kOther;
    default:
      return Operation::kOther;
  }
}

// Where `ours` differs from Capstone's view, as text; empty if nowhere.
class Comparison {
 public:
  Comparison(const Capstone& capstone, const cs_insn& insn,
             const Instruction& ours)
      : capstone_(capstone), insn_(insn), ours_(ours) {}

  std::string Run() {
    Expect("length", ours_.length, insn_.size);
    Expect("flow", static_cast<int>(ours_.flow),
           static_cast<int>(ExpectedFlow(insn_)));
    const uint16_t writes = ExpectedWrites();
    Expect("writes", ours_.may_write & writes, writes);
    if (ours_.field_size != 0 && !ours_.pc_relative_memory) CompareBranch();
    for (const cs_x86_op& operand : Operands(insn_)) {
      if (operand.type == X86_OP_MEM) CompareMemory(operand.mem);
    }
    CompareOperation();
    return differences_.str();
  }

 private:
  void Expect(const char* what, int64_t ours, int64_t expected) {
    if (ours == expected) return;
    differences_ << " " << what << " " << ours << " not " << expected;
  }

  uint16_t ExpectedWrites() const {
    const uint16_t writes = capstone_.Writes(insn_);
    switch (insn_.id) {
      case X86_INS_TEST:  // Capstone takes the %rax of test for written, and
      case X86_INS_CWD:   // that which cwd and its kin extend.
      case X86_INS_CDQ:
      case X86_INS_CQO:
        return writes & static_cast<uint16_t>(~1u);
      default:
        return writes;
    }
  }

  void CompareBranch() {
    const auto& encoding = insn_.detail->x86.encoding;
    Expect("field", ours_.field_offset, encoding.imm_offset);
    Expect("field size", ours_.field_size, encoding.imm_size);
    Expect("target", ours_.length + ours_.displacement,
           Operands(insn_).empty() ? -1 : Operands(insn_)[0].imm);
  }

  void CompareMemory(const x86_op_mem& memory) {
    // Strings, of which operands say no more than the name.
    if (!ours_.memory) return;
    const bool relative = memory.base == X86_REG_RIP;
    Expect("relative", ours_.pc_relative_memory, relative);
    if (relative) {
      Expect("displacement", ours_.displacement, memory.disp);
      Expect("field", ours_.field_offset,
             insn_.detail->x86.encoding.disp_offset);
      Expect("field size", ours_.field_size, 4);
      return;
    }
    // Capstone takes the index of some EVEX instructions for a vector.
    const bool evex = insn_.detail->x86.opcode[0] == 0x62;
    if (!evex) {
      Expect("special", ours_.special_address, IsSpecial(memory));
    }
    if (!ours_.special_address) {
      Expect("base", ours_.base, capstone_.Number(memory.base));
      if (!evex) Expect("index", ours_.index, capstone_.Number(memory.index));
      if (ours_.index != kNoRegister) {
        Expect("scale", ours_.scale, memory.scale);
      }
      Expect("displacement", ours_.memory_displacement, memory.disp);
    }
  }

  bool IsSpecial(const x86_op_mem& memory) const {
    return memory.segment == X86_REG_FS || memory.segment == X86_REG_GS ||
           insn_.detail->x86.addr_size != 8 ||
           (memory.index != X86_REG_INVALID &&
            capstone_.Number(memory.index) == kNoRegister);
  }

  void CompareOperation() {
    const Operation expected = ExpectedOperation(insn_);
    // What we leave out on purpose.
    if (ours_.operation == Operation::kOther &&
        (ours_.special_address || HasHighByte())) {
      return;
    }
    Expect("operation", static_cast<int>(ours_.operation),
           static_cast<int>(expected));
    if (expected == Operation::kOther || expected == Operation::kNop) return;
    const cs_x86_op& to = Operands(insn_)[0];
    const cs_x86_op& from = Operands(insn_)[1];
    Expect("size", ours_.operand_size, to.size);
    if (from.type == X86_OP_IMM) {
      Expect("rm", ours_.rm, NumberOf(to));
      Expect("immediate", Truncated(ours_.immediate), Truncated(from.imm));
    } else {
      Expect("reg", ours_.reg, NumberOf(to));
      Expect("rm", ours_.rm, NumberOf(from));
    }
    if (ours_.source_size != 0) Expect("from", ours_.source_size, from.size);
  }

  // Capstone does not say of all immediates whether they are signed.
  int64_t Truncated(int64_t value) const {
    const unsigned unused = 64 - 8u * ours_.operand_size;
    return static_cast<int64_t>(static_cast<uint64_t>(value) << unused);
  }

  uint8_t NumberOf(const cs_x86_op& operand) const {
    return operand.type == X86_OP_REG ? capstone_.Number(operand.reg)
                                      : kNoRegister;
  }

  bool HasHighByte() const {
    for (const cs_x86_op& operand : Operands(insn_)) {
      if (operand.type != X86_OP_REG) continue;
      if (operand.reg == X86_REG_AH || operand.reg == X86_REG_BH ||
          operand.reg == X86_REG_CH || operand.reg == X86_REG_DH) {
        return true;
      }
    }
    return false;
  }

  const Capstone& capstone_;
  const cs_insn& insn_;
  const Instruction& ours_;
  std::ostringstream differences_;
};

std::string Hex(Code code) {
  std::string text;
  for (const std::byte byte : code.first(std::min<size_t>(code.size(), 15))) {
    constexpr char kDigits[] = "0123456789abcdef";
    text += kDigits[static_cast<int>(byte) >> 4];
    text += kDigits[static_cast<int>(byte) & 15];
    text += ' ';
  }
  return text;
}

// What Capstone 4 does not know: most of AVX-512, and protection keys.
bool IsNewerThanCapstone(Code code, const Instruction& ours) {
  const auto byte = [&](size_t i) {
    return static_cast<uint8_t>(code[ours.opcode_offset + i]);
  };
  switch (byte(0)) {
    case 0x62:
      return true;
    case 0xc4:
    case 0xc5: {  // Instructions on masks, as kmov; vbroadcasti128.
      const uint8_t opcode = byte(byte(0) == 0xc4 ? 3 : 2);
      return (opcode >= 0x41 && opcode <= 0x4b) ||
             (opcode >= 0x90 && opcode <= 0x99) || opcode == 0x5a;
    }
    case 0x0f:
      return byte(1) == 0x01 && (byte(2) == 0xee || byte(2) == 0xef);
    default:
      return false;
  }
}

// A library, of which one function in `stride` is looked at.
struct Library {
  const char* name;
  size_t stride;
  size_t min_instructions;
};
void PrintTo(const Library& library, std::ostream* out) {
  *out << library.name;
}

class AgreesWithCapstone : public testing::TestWithParam<Library> {
 protected:
  // Whether our facts about the instruction that `code` begins with are right.
  bool IsRight(Code code, const Instruction& ours) {
    const cs_insn* insn = capstone_.Decode(code);
    if (insn == nullptr) {
      ++newer_;
      EXPECT_TRUE(IsNewerThanCapstone(code, ours)) << Hex(code);
      return IsNewerThanCapstone(code, ours);
    }
    const std::string differences = Comparison(capstone_, *insn, ours).Run();
    EXPECT_EQ(differences, "")
        << Hex(code) << insn->mnemonic << " " << insn->op_str;
    return differences.empty();
  }

  // Whether all of a function is code that we know, to its very end.
  bool IsRightFunction(Code code) {
    while (!code.empty()) {
      Instruction ours;
      if (!DecodeX86_64(code, &ours)) {
        ADD_FAILURE() << "refused: " << Hex(code);
        return false;
      }
      ++instructions_;
      if (!IsRight(code, ours)) return false;
      code = code.subspan(ours.length);
    }
    return true;
  }

  Capstone capstone_;
  size_t instructions_ = 0;
  size_t newer_ = 0;  // Than Capstone.
};

TEST_P(AgreesWithCapstone, AboutEveryInstruction) {
  const elf::Bytes bytes = elf::FileBytes(
      std::string("/usr/lib/x86_64-linux-gnu/") + GetParam().name);
  const std::vector<Code> functions = ReadFunctions(ByteView(bytes));
  int wrong = 0;
  for (size_t i = 0; i < functions.size() && wrong < 20;
       i += GetParam().stride) {
    if (!IsRightFunction(functions[i])) ++wrong;
  }
  EXPECT_GE(instructions_, GetParam().min_instructions);
  EXPECT_LE(newer_, instructions_ / 50);
}

INSTANTIATE_TEST_SUITE_P(
    , AgreesWithCapstone,
    testing::Values(
        Library{"libc.so.6", 1, 300000}, Library{"libstdc++.so.6", 1, 200000},
        Library{"libcrypto.so.3", 1, 500000}, Library{"libz.so.1", 1, 15000},
        Library{"libsqlite3.so.0", 1, 200000}, Library{"libm.so.6", 1, 100000},
        Library{"ld-linux-x86-64.so.2", 1, 30000},
        Library{"libLLVM-14.so.1", 40, 250000}),
    [](const auto& library) {
      std::string name = library.param.name;
      for (char& c : name) {
        if (!std::isalnum(c)) c = '_';
      }
      return name;
    });

}  // namespace
}  // namespace relink
