// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/sweep_code.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "relink/arch/instruction.h"
#include "relink/arch/possible_reference.h"

namespace relink {
namespace {

// How far a branch with a field of one byte goes, with its own two bytes.
constexpr int64_t kShortReach = 130;

// Nothing that was decoded enters the bytes behind the first that a jump takes.
bool HasRoomForJump(const Target& target, const CodeSection& section,
                    const Function& function) {
  const uint64_t size = target.jump.size();
  if (size == 0 || function.range.size < size) return false;
  const uint32_t begin = section.OffsetOf(function.range.begin);
  const auto end = static_cast<uint32_t>(begin + size);
  return section.entries.FindFirst(begin + 1, end, nullptr) == end;
}

class Sweeper {
 public:
  Sweeper(const Target& target, const CodeMap& code, const PageSet& pages,
          std::span<const LinkRange> others, std::span<Function> functions)
      : target_(target),
        code_(code),
        pages_(pages),
        others_(others),
        functions_(functions),
        room_(functions.size(), true) {}

  void Sweep() {
    for (const CodeSection& section : code_.sections()) {
      for (size_t unit = 0; unit < section.units().size(); ++unit) {
        const CodeUnit& each = section.units()[unit];
        if (each.function == CodeUnit::kNoFunction) {
          SweepUnit(section, each.begin, section.EndOf(unit));
        } else {
          Function& function = functions_[each.function];
          room_[each.function] = room_[each.function] &&
                                 HasRoomForJump(target_, section, function);
        }
      }
    }
    for (size_t i = 0; i < functions_.size(); ++i) {
      Function& function = functions_[i];
      function.can_lead = room_[i] && !IsEnteredNearby(function);
    }
  }

 private:
  void SweepUnit(const CodeSection& section, uint32_t begin, uint32_t end) {
    const auto bytes = section.bytes().subspan(begin, end - begin);
    const LinkAddr home = section.home().begin + begin;
    PossibleReference found;
    while (target_.find_reference(bytes, home.value(), pages_, found.end,
                                  &found)) {
      Note(found);
    }
  }

  void Note(const PossibleReference& reference) {
    const LinkAddr address(reference.target);
    const auto after = std::ranges::upper_bound(
        functions_, address, {},
        [](const Function& function) { return function.range.begin; });
    if (after == functions_.begin()) return;
    const auto number = static_cast<size_t>(after - functions_.begin()) - 1;
    Function& function = functions_[number];
    if (!function.range.Contains(address)) return;
    const auto offset = static_cast<uint64_t>(address - function.range.begin);
    if (offset == 0) {
      function.reached = true;
      function.address_kept |= !reference.is_branch;
    } else if (offset < target_.jump.size()) {
      room_[number] = false;
    }
  }

  // By a short branch of a function that lies nearby and was not decoded yet.
  bool IsEnteredNearby(const Function& function) const {
    const LinkAddr begin = function.range.begin;
    auto other = std::ranges::lower_bound(
        others_, begin,
        [](LinkAddr a, LinkAddr b) { return a - b < -kShortReach; },
        [](const LinkRange& range) { return range.end(); });
    for (; other != others_.end() && other->begin - begin < kShortReach;
         ++other) {
      if (other->begin != begin && Enters(*other, function)) return true;
    }
    return false;
  }

  // Whether two bytes, at whatever place of `code`, could be such a branch:
  // most functions need not be decoded.
  bool MayEnter(std::span<const std::byte> code, LinkAddr address,
                const Function& function) const {
    const int64_t begin = function.range.begin - address;
    const auto size = static_cast<int64_t>(code.size());
    for (int64_t at = std::max<int64_t>(begin - kShortReach, 0);
         at + 1 < std::min(begin + kShortReach, size); ++at) {
      const auto distance =
          static_cast<int8_t>(code[static_cast<size_t>(at) + 1]);
      const int64_t offset = at + 2 + distance - begin;
      if (offset > 0 && offset < static_cast<int64_t>(target_.jump.size())) {
        return true;
      }
    }
    return false;
  }

  // Whether one of its branches leads to where the jump will be, but for the
  // beginning.
  bool Enters(const LinkRange& other, const Function& function) const {
    const CodeSection* section = Find(other);
    if (section == nullptr) return true;
    const auto bytes =
        section->bytes().subspan(section->OffsetOf(other.begin), other.size);
    if (!MayEnter(bytes, other.begin, function)) return false;
    Instruction instruction;
    for (uint64_t at = 0; at < other.size; at += instruction.length) {
      if (!target_.decode(bytes.subspan(at), &instruction)) return true;
      if (instruction.field_size != 1 || instruction.pc_relative_memory) {
        continue;
      }
      const LinkAddr to =
          other.begin +
          (at + instruction.length +
           static_cast<uint64_t>(int64_t{instruction.displacement}));
      const int64_t offset = to - function.range.begin;
      if (offset > 0 && offset < static_cast<int64_t>(target_.jump.size())) {
        return true;
      }
    }
    return false;
  }

  const CodeSection* Find(const LinkRange& range) const {
    for (const CodeSection& section : code_.sections()) {
      if (section.home().Contains(range)) return &section;
    }
    return nullptr;
  }

  const Target& target_;
  const CodeMap& code_;
  PageSet pages_;
  std::span<const LinkRange> others_;
  std::span<Function> functions_;
  std::vector<bool> room_;
};

}  // namespace

void SweepCode(const Target& target, const CodeMap& code, const PageSet& pages,
               std::span<const LinkRange> others,
               std::span<Function> functions) {
  Sweeper(target, code, pages, others, functions).Sweep();
}

void AllowLeading(const Target& target, CodeMap& code,
                  std::span<Function> functions) {
  for (Function& function : functions) {
    const CodeSection* section = code.Find(function.range.begin);
    function.can_lead =
        section != nullptr && HasRoomForJump(target, *section, function);
  }
}

}  // namespace relink
