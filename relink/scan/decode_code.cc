// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/decode_code.h"

#include <algorithm>
#include <cstddef>

#include "relink/arch/instruction.h"
#include "relink/arch/padding.h"
#include "relink/arch/relocation_rule.h"

namespace relink {
namespace {

constexpr char kUndecodable[] = "cannot be decoded: data in code?";
constexpr char kShortBranch[] = "short branch leaves it";
constexpr char kCallsItsMiddle[] = "calls its own middle, to learn its address";
// Of eight bytes, as code for a large model adds to its own address.
constexpr int kWideMove = 10;

constexpr char kOutside[] = "refers to an address outside of its module";

// Whether the flow of control goes on behind an instruction.
bool GoesOn(Flow flow) {
  switch (flow) {
    case Flow::kNext:
    case Flow::kCall:
    case Flow::kIndirectCall:
    case Flow::kConditional:
      return true;
    case Flow::kJump:
    case Flow::kIndirectJump:
    case Flow::kReturn:
    case Flow::kStop:
      return false;
  }
  return true;
}

}  // namespace

// One unit, from front to back.
class CodeDecoder::UnitDecoder {
 public:
  UnitDecoder(const CodeDecoder& decoder, CodeSection& section, size_t unit,
              bool want_taken, DecodedCode& out)
      : decoder_(decoder),
        section_(section),
        begin_(section.units()[unit].begin),
        end_(section.EndOf(unit)),
        want_taken_(want_taken),
        out_(out) {
    const uint32_t number = section.units()[unit].function;
    if (number != CodeUnit::kNoFunction) {
      function_ = &decoder.functions_[number];
      facts_ = &decoder.decoded_[number];
    }
  }

  void Decode() {
    const std::span<const std::byte> bytes = section_.bytes();
    uint32_t filler = begin_;
    Flow last = Flow::kNext;
    Instruction instruction;
    for (uint32_t at = begin_; at < end_;) {
      if (!GoesOn(last) && IsZeros(bytes.subspan(at, end_ - at))) break;
      if (!decoder_.target_.decode(bytes.subspan(at, end_ - at),
                                   &instruction)) {
        PinAt(kUndecodable, at);
        if (facts_ != nullptr) facts_->doubtful = true;
        return;
      }
      section_.starts.Set(at);
      const uint32_t next = at + instruction.length;
      if (instruction.operation != Operation::kNop) {
        if (!GoesOn(last)) out_.behind_ends.push_back({filler, at});
        if (instruction.field_size != 0) Refer(instruction, at, next);
        Note(instruction);
        last = instruction.flow;
        filler = next;
      }
      at = next;
    }
    if (facts_ == nullptr) return;
    facts_->filler = filler;
    facts_->open = GoesOn(last);
    facts_->ends_with_call = last == Flow::kCall || last == Flow::kIndirectCall;
  }

 private:
  // What mold has between sections; two of them would be an instruction.
  static bool IsZeros(std::span<const std::byte> bytes) {
    return std::ranges::all_of(
        bytes, [](std::byte byte) { return byte == std::byte{0}; });
  }

  LinkAddr AddressOf(uint32_t offset) const {
    return section_.home().begin + offset;
  }

  void PinAt(const char* reason, uint32_t offset) {
    if (function_ != nullptr) function_->Pin(reason, AddressOf(offset));
  }

  void Note(const Instruction& instruction) {
    if (facts_ == nullptr) return;
    if (instruction.flow == Flow::kIndirectJump && !instruction.memory) {
      facts_->register_jump = true;
    }
    if (instruction.operation == Operation::kMoveImmediate &&
        !instruction.memory && instruction.length >= kWideMove &&
        IsDistance(instruction.immediate)) {
      facts_->wide_number = true;
    }
  }

  // Of two places of the module.
  bool IsDistance(int64_t number) const {
    const auto size = static_cast<int64_t>(decoder_.memory_size_);
    return -size < number && number < size;
  }

  void Refer(const Instruction& instruction, uint32_t at, uint32_t next) {
    const LinkAddr target =
        AddressOf(next) +
        static_cast<uint64_t>(int64_t{instruction.displacement});
    const uint64_t offset = target.value() - section_.home().begin.value();
    if (offset - begin_ < end_ - begin_) {
      ReferInside(instruction, at, static_cast<uint32_t>(offset));
      // All pointers to it must be equal, its own as well.
      if (instruction.pc_relative_memory && offset == begin_ &&
          function_ != nullptr) {
        ReferOutside(instruction, at, next, target);
      }
    } else if (function_ == nullptr) {
      if (!instruction.pc_relative_memory) out_.rumours.push_back(target);
    } else {
      ReferOutside(instruction, at, next, target);
    }
  }

  void ReferInside(const Instruction& instruction, uint32_t at,
                   uint32_t target) {
    if (instruction.pc_relative_memory) {
      out_.own_places.push_back(target);
      if (facts_ != nullptr) facts_->own_address = true;
      return;
    }
    section_.entries.Set(target);
    if (instruction.flow == Flow::kCall && target != begin_) {
      PinAt(kCallsItsMiddle, at);
    }
  }

  void ReferOutside(const Instruction& instruction, uint32_t at, uint32_t next,
                    LinkAddr target) {
    const bool branch = !instruction.pc_relative_memory;
    const RelocationRule* rule = !branch ? decoder_.memory_rule_
                                 : instruction.field_size == 1
                                     ? decoder_.short_branch_rule_
                                     : decoder_.branch_rule_;
    if (branch && instruction.field_size == 1) PinAt(kShortBranch, at);
    ReferenceTargets::Target found;
    if (section_.home().Contains(target)) {
      if (branch) section_.entries.Set(section_.OffsetOf(target));
      found = decoder_.references_.FindInCode(section_, target);
    } else {
      if (branch) decoder_.code_.Enter(target);
      if (want_taken_ && instruction.operation == Operation::kLea) {
        out_.taken.push_back(target);
      }
      found = decoder_.references_.Find(target);
    }
    if (!found.symbol.has_value() || rule == nullptr) {
      PinAt(kOutside, at);
      facts_->doubtful = true;
      return;
    }
    const uint32_t place = at + instruction.field_offset;
    if (instruction.operation == Operation::kLea && target != found.begin &&
        decoder_.code_.Find(target) != nullptr) {
      out_.middles.push_back({place, target});
    }
    Fixup fixup;
    fixup.offset = place & ((1u << 30) - 1);
    fixup.target = found.symbol;
    fixup.rule = rule;
    // S + A - P is what stands there: the distance from `next` to the target.
    fixup.addend = (target - found.begin) - int64_t{next - place};
    out_.fixups.push_back(fixup);
  }

  const CodeDecoder& decoder_;
  CodeSection& section_;
  uint32_t begin_;
  uint32_t end_;
  bool want_taken_;
  DecodedCode& out_;
  Function* function_ = nullptr;  // Null between functions.
  DecodedFunction* facts_ = nullptr;
};

CodeDecoder::CodeDecoder(const Target& target, uint64_t memory_size,
                         CodeMap& code, ReferenceTargets& references,
                         std::span<Function> functions,
                         std::span<DecodedFunction> decoded)
    : target_(target),
      code_(code),
      references_(references),
      functions_(functions),
      decoded_(decoded),
      memory_rule_(target.FindRule(Formula::kPcRelative, Field::k32)),
      branch_rule_(
          target.FindRule(Formula::kPcRelative, Field::k32, Lookup::kCall)),
      short_branch_rule_(target.FindRule(Formula::kPcRelative, Field::k8)),
      memory_size_(memory_size) {}

DecodedCode CodeDecoder::Decode(CodeSection& section, bool want_taken,
                                bool functions_only) {
  DecodedCode out;
  // About as many as there are; what is too much is never touched.
  constexpr size_t kBytesPerReference = 8;
  if (!functions_only) {
    out.fixups.reserve(section.bytes().size() / kBytesPerReference);
  }
  for (size_t unit = 0; unit < section.units().size(); ++unit) {
    const uint32_t begin = section.units()[unit].begin;
    const uint32_t end = section.EndOf(unit);
    const bool between =
        section.units()[unit].function == CodeUnit::kNoFunction;
    if (between && functions_only) continue;
    if (between &&
        PaddingOf(target_, section.bytes().subspan(begin, end - begin)) !=
            Padding::kNone) {
      continue;
    }
    UnitDecoder(*this, section, unit, want_taken, out).Decode();
  }
  return out;
}

}  // namespace relink
