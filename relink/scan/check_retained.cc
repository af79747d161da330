// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/check_retained.h"

#include <cstddef>
#include <cstdint>

#include "relink/arch/instruction.h"
#include "relink/arch/retained_relocation.h"
#include "relink/support/address.h"

namespace relink {
namespace {

constexpr char kUnknownType[] = "has a retained relocation of unknown type";
constexpr char kFixedAddress[] =
    "has a retained relocation that asks for a fixed address";
constexpr char kMismatch[] =
    "has a retained relocation that does not fit the instruction";

// How far a call of __tls_get_addr is behind what it is a part of.
constexpr uint32_t kThreadSequence = 16;
constexpr uint32_t kMaxInstruction = 15;

template <class E>
class Checker {
 public:
  Checker(const Target& target, const CodeSection& section,
          std::span<DecodedFunction> decoded, std::span<Function> functions)
      : target_(target),
        section_(section),
        decoded_(decoded),
        functions_(functions) {}

  void Check(const elf::Rela<E>& entry) {
    const LinkAddr address(uint64_t{entry.r_offset});
    if (!section_.home().Contains(address)) return;
    const uint32_t place = section_.OffsetOf(address);
    const size_t unit = section_.UnitAt(place);
    const uint32_t number = section_.units()[unit].function;
    if (number == CodeUnit::kNoFunction) return;
    const RetainedRelocation* type = target_.FindRetained(entry.type());
    const char* wrong = WhatIsWrong(type, unit, place);
    if (type != nullptr && type->of_thread) {
      of_thread_ = place;
      seen_of_thread_ = true;
    }
    if (wrong == nullptr || !functions_[number].pinned.empty()) return;
    functions_[number].Pin(wrong, address);
    decoded_[number].doubtful = true;
  }

 private:
  const char* WhatIsWrong(const RetainedRelocation* type, size_t unit,
                          uint32_t place) const {
    if (type == nullptr) return kUnknownType;
    if (type->forms == 0) return kFixedAddress;
    uint32_t start = place;
    const uint32_t begin = section_.units()[unit].begin;
    while (!section_.starts.Has(start)) {
      if (start == begin || place - start == kMaxInstruction) return kMismatch;
      --start;
    }
    Instruction instruction;
    if (!target_.decode(
            section_.bytes().subspan(start, section_.EndOf(unit) - start),
            &instruction)) {
      return kMismatch;
    }
    const uint8_t form = FormOf(instruction, place - start, type->size);
    if ((type->forms & form) != 0) return nullptr;
    const bool in_sequence = seen_of_thread_ && place > of_thread_ &&
                             place - of_thread_ <= kThreadSequence;
    return (type->forms & kRetainedThreadCall) != 0 && in_sequence &&
                   (form == kRetainedMemory || form == kRetainedConstant)
               ? nullptr
               : kMismatch;
  }

  // What is `size` bytes at `place` in the instruction; 0 if only a part of it
  // is its field.
  static uint8_t FormOf(const Instruction& instruction, uint32_t place,
                        uint8_t size) {
    const uint32_t field = instruction.field_offset;
    if (instruction.field_size == 0 || place + size <= field ||
        place >= field + instruction.field_size) {
      return place + size <= instruction.length ? kRetainedConstant : 0;
    }
    if (place == field) {
      if (size != instruction.field_size) return 0;
      return instruction.pc_relative_memory ? kRetainedMemory : kRetainedBranch;
    }
    return place == field + 1 && !instruction.pc_relative_memory
               ? kRetainedBranchBefore
               : 0;
  }

  const Target& target_;
  const CodeSection& section_;
  std::span<DecodedFunction> decoded_;
  std::span<Function> functions_;
  uint32_t of_thread_ = 0;  // The last place of one that is of_thread.
  bool seen_of_thread_ = false;
};

}  // namespace

template <class E>
void CheckRetained(const Target& target, const CodeSection& section,
                   const RetainedTable<E>& table,
                   std::span<DecodedFunction> decoded,
                   std::span<Function> functions) {
  Checker<E> checker(target, section, decoded, functions);
  for (const elf::Rela<E>& entry : table.entries) checker.Check(entry);
}

template void CheckRetained(const Target&, const CodeSection&,
                            const RetainedTable<elf::Elf64Le>&,
                            std::span<DecodedFunction>, std::span<Function>);

}  // namespace relink
