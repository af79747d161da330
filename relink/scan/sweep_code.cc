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

// The bytes of functions that a jump would take: the functions by pages, since
// a search for every reference takes longer than to find the reference.
class FunctionStarts {
 public:
  FunctionStarts(std::span<const Function> functions, uint64_t size)
      : functions_(functions), size_(size) {
    if (functions.empty()) return;
    begin_ = functions.front().range.begin.value() >> kShift << kShift;
    const uint64_t last = functions.back().range.begin.value() + size;
    words_.resize(((last - begin_) >> kShift) / 64 + 1);
    first_.resize(words_.size() * 64, kNone);
    for (uint32_t i = 0; i < functions.size(); ++i) {
      const uint64_t begin = functions[i].range.begin.value() - begin_;
      for (const uint64_t at : {begin, begin + size - 1}) {
        const uint64_t page = at >> kShift;
        words_[page / 64] |= uint64_t{1} << page % 64;
        first_[page] = std::min(first_[page], i);
      }
    }
  }

  PageSet pages() const { return {begin_, words_}; }

  // The number of the function that has `address`, in pages(), among these
  // bytes; kNone.
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t Find(LinkAddr address) const {
    const uint32_t first = first_[(address.value() - begin_) >> kShift];
    for (size_t i = first; i < functions_.size(); ++i) {
      const LinkRange& range = functions_[i].range;
      if (address < range.begin) break;
      if (range.Contains(address) &&
          static_cast<uint64_t>(address - range.begin) < size_) {
        return static_cast<uint32_t>(i);
      }
    }
    return kNone;
  }

 private:
  static constexpr int kShift = PageSet::kShift;

  std::span<const Function> functions_;
  uint64_t size_;
  uint64_t begin_ = 0;
  std::vector<uint64_t> words_;
  std::vector<uint32_t> first_;  // The function that is first on each page.
};

class Sweeper {
 public:
  Sweeper(const Target& target, const CodeMap& code,
          std::span<const LinkRange> others, std::span<Function> functions)
      : target_(target),
        code_(code),
        starts_(functions, std::max<uint64_t>(target.jump.size(), 1)),
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
    while (target_.find_reference(bytes, home.value(), starts_.pages(),
                                  found.end, &found)) {
      Note(found);
    }
  }

  void Note(const PossibleReference& reference) {
    const LinkAddr address(reference.target);
    const uint32_t number = starts_.Find(address);
    if (number == FunctionStarts::kNone) return;
    Function& function = functions_[number];
    if (address == function.range.begin) {
      function.reached = true;
      function.address_kept |= !reference.is_branch;
    } else {
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
  FunctionStarts starts_;
  std::span<const LinkRange> others_;
  std::span<Function> functions_;
  std::vector<bool> room_;
};

}  // namespace

void SweepCode(const Target& target, const CodeMap& code,
               std::span<const LinkRange> others,
               std::span<Function> functions) {
  Sweeper(target, code, others, functions).Sweep();
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
