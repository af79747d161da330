// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_REGISTER_FACTS_H_
#define RELINK_SCAN_REGISTER_FACTS_H_

#include <array>
#include <cstdint>

#include "relink/arch/instruction.h"
#include "relink/support/address.h"

namespace relink {

// A jump through a switch's table, as the instructions in front of it say.
struct TableJump {
  LinkAddr table;
  uint64_t count = 0;  // Of entries: from the check of the index.
  LinkAddr reference;  // The field of the instruction that has its address.
  LinkAddr since;      // The first instruction that any of this relies on.
};

// What is known of general registers while instructions are read one after the
// other, as far as it helps to recognise a jump through a table of distances
// from its own beginning, which is how GCC and LLVM make position-independent
// switches:
//
//   cmp $N, index; ja default
//   lea table(%rip), %base
//   movslq (%base, %index, 4), %to
//   add %base, %to
//   jmp *%to
//
// in any order that computes the same, with anything else in between. What an
// instruction that is not understood may write is not known any more. Only for
// code that is entered at its beginning alone: `Forget` where it is not.
class RegisterFacts {
 public:
  void Forget() { *this = RegisterFacts(); }

  // Takes note of the instruction at `address`.
  void Read(const Instruction& instruction, LinkAddr address);

  // Where a jump to the register goes, if it is one through a table; before it
  // is read. `count` is 0 if it is not.
  TableJump JumpThrough(uint8_t reg) const;
  // Whether the register was loaded from memory as a whole: a pointer.
  bool IsLoadedPointer(uint8_t reg) const {
    return At(reg).kind == Kind::kPointer;
  }

 private:
  enum class Kind : uint8_t {
    kUnknown,
    kAddress,  // `table` is its value.
    kEntry,    // One of `count` entries of the table at `table`.
    kTarget,   // What such an entry leads to.
    kPointer,  // Loaded from memory.
  };
  struct Fact {
    Kind kind = Kind::kUnknown;
    // Bytes above this many are 0.
    uint8_t width = 8;
    // The value of the lowest so many bytes is at most `max`; 0: nothing known.
    uint8_t bound_width = 0;
    uint64_t max = 0;
    LinkAddr table;
    LinkAddr reference;
    uint64_t count = 0;
    LinkAddr since;  // The first instruction that this relies on.

    // The whole register is at most `max`.
    bool bounded() const { return bound_width != 0 && bound_width >= width; }
  };
  // What an instruction compared with a constant: a register, or memory.
  struct Comparison {
    bool valid = false;
    bool memory = false;
    uint8_t reg = kNoRegister;
    uint8_t base = kNoRegister;
    uint8_t index = kNoRegister;
    uint8_t scale = 0;
    int32_t displacement = 0;
    uint8_t width = 0;
    uint64_t value = 0;
    LinkAddr since;
  };

  static constexpr size_t kRegisters = 16;

  const Fact& At(uint8_t reg) const {
    static constexpr Fact kNothing;
    return reg < kRegisters ? facts_[reg] : kNothing;
  }
  // What the instruction leaves in its register; unknown if it has none.
  Fact Result(const Instruction& instruction, LinkAddr address) const;
  Fact LoadResult(const Instruction& instruction, LinkAddr address) const;
  Fact EntryResult(const Instruction& instruction) const;
  Fact SumResult(const Instruction& instruction) const;

  void Compare(const Instruction& instruction, LinkAddr address);
  void Branch(const Instruction& instruction);
  // The bound of the memory that the instruction reads, if that is `width`
  // bytes.
  Fact BoundOfMemory(const Instruction& instruction, uint8_t width) const;
  static bool SameMemory(const Comparison& comparison,
                         const Instruction& instruction);

  std::array<Fact, kRegisters> facts_;
  Comparison comparison_;    // Whose flags are still there.
  Comparison memory_bound_;  // Memory that is at most `value`.
};

}  // namespace relink

#endif  // RELINK_SCAN_REGISTER_FACTS_H_
