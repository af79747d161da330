// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/check_code.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "relink/arch/instruction.h"
#include "relink/arch/padding.h"
#include "relink/ir/fixup.h"

namespace relink {
namespace {

constexpr char kInsideInstruction[] = "entered inside of an instruction";
constexpr char kNothingEnters[] =
    "nothing is known to enter a part of it: data?";
constexpr char kOwnAddress[] = "may compute addresses from its own";
constexpr char kLosesEnd[] = "runs past its end, into what is no code";

class Checker {
 public:
  Checker(const Target& target, const CodeSection& section,
          const DecodedCode& code)
      : target_(target),
        section_(section),
        fixups_(code.fixups),
        behind_ends_(code.behind_ends),
        own_places_(code.own_places) {
    std::sort(own_places_.begin(), own_places_.end());
  }

  // Units in ascending order.
  void Check(size_t unit, DecodedFunction& decoded, Function& function) {
    const uint32_t begin = section_.units()[unit].begin;
    const uint32_t end = section_.EndOf(unit);
    CheckEntries(begin, end, decoded, function);
    CheckEnds(begin, end, decoded, function);
    if (decoded.own_address && decoded.wide_number) {
      function.Pin(kOwnAddress, function.range.begin);
    }
    CheckLast(unit, end, decoded, function);
  }

 private:
  void CheckEntries(uint32_t begin, uint32_t end, DecodedFunction& decoded,
                    Function& function) const {
    uint32_t at = begin;
    for (;;) {
      at = section_.entries.FindFirst(at, end, &section_.starts);
      if (at == end) return;
      if (!SkipsPrefixes(begin, at, end)) {
        function.Pin(kInsideInstruction, section_.home().begin + at);
        decoded.doubtful = true;
        return;
      }
      ++at;
    }
  }

  // Whether an instruction is entered behind prefixes (of lock, as C libraries
  // do in programs with one thread): then it is the same but for them.
  bool SkipsPrefixes(uint32_t begin, uint32_t at, uint32_t end) const {
    uint32_t start = at;
    while (start > begin && !section_.starts.Has(start)) --start;
    const auto bytes = section_.bytes();
    Instruction whole;
    Instruction rest;
    return target_.decode(bytes.subspan(start, end - start), &whole) &&
           target_.decode(bytes.subspan(at, end - at), &rest) &&
           at - start <= whole.opcode_offset &&
           start + whole.length == at + rest.length;
  }

  void CheckEnds(uint32_t begin, uint32_t end, DecodedFunction& decoded,
                 Function& function) {
    while (next_end_ < behind_ends_.size() &&
           behind_ends_[next_end_].code < begin) {
      ++next_end_;
    }
    // What jumps to where a register says may well go there.
    if (decoded.register_jump || decoded.stubs) return;
    for (; next_end_ < behind_ends_.size(); ++next_end_) {
      const BehindEnd& behind = behind_ends_[next_end_];
      if (behind.code >= end) return;
      if (IsEntered(behind) || !HasFixups(behind.code, end)) continue;
      function.Pin(kNothingEnters, section_.home().begin + behind.code);
      decoded.doubtful = true;
    }
  }

  bool IsEntered(const BehindEnd& behind) const {
    return section_.entries.FindFirst(behind.begin, behind.code + 1, nullptr) <=
               behind.code ||
           std::binary_search(own_places_.begin(), own_places_.end(),
                              behind.code);
  }

  // From a place on that nothing enters, until something does. Without any, it
  // does not matter what it is: it goes along as it is.
  bool HasFixups(uint32_t begin, uint32_t end) const {
    const uint32_t entry = section_.entries.FindFirst(begin, end, nullptr);
    const auto fixup = std::lower_bound(
        fixups_.begin(), fixups_.end(), begin,
        [](const Fixup& f, uint32_t offset) { return f.offset < offset; });
    return fixup != fixups_.end() && fixup->offset < entry;
  }

  void CheckLast(size_t unit, uint32_t end, const DecodedFunction& decoded,
                 Function& function) const {
    const bool open = decoded.open || section_.entries.FindFirst(
                                          decoded.filler, end, nullptr) != end;
    if (!open || !function.pinned.empty()) return;
    Padding padding = Padding::kNops;
    if (unit + 1 < section_.units().size() &&
        section_.units()[unit + 1].function == CodeUnit::kNoFunction) {
      const uint32_t gap_end = section_.EndOf(++unit);
      padding =
          PaddingOf(target_, section_.bytes().subspan(end, gap_end - end));
    }
    const bool last = unit + 1 == section_.units().size();
    if (padding == Padding::kFiller || (padding == Padding::kNops && last)) {
      // A call that is the last thing of all does not return.
      if (!decoded.ends_with_call || !decoded.open) {
        function.Pin(kLosesEnd, section_.home().begin + end);
      }
      return;
    }
    function.falls_through = true;
  }

  const Target& target_;
  const CodeSection& section_;
  std::span<const Fixup> fixups_;
  std::span<const BehindEnd> behind_ends_;
  std::vector<uint32_t> own_places_;
  size_t next_end_ = 0;
};

// The fixups of functions that are in doubt.
void RemoveDoubtful(const CodeSection& section,
                    std::span<const DecodedFunction> decoded,
                    std::vector<Fixup>& fixups) {
  size_t unit = 0;
  std::erase_if(fixups, [&](const Fixup& fixup) {
    while (section.EndOf(unit) <= fixup.offset) ++unit;
    const uint32_t number = section.units()[unit].function;
    return number != CodeUnit::kNoFunction && decoded[number].doubtful;
  });
}

}  // namespace

void CheckCode(const Target& target, const CodeSection& section,
               std::span<DecodedFunction> decoded, DecodedCode& code,
               std::span<Function> functions) {
  Checker checker(target, section, code);
  bool doubtful = false;
  for (size_t unit = 0; unit < section.units().size(); ++unit) {
    const uint32_t number = section.units()[unit].function;
    if (number == CodeUnit::kNoFunction) continue;
    checker.Check(unit, decoded[number], functions[number]);
    doubtful |= decoded[number].doubtful;
  }
  if (doubtful) RemoveDoubtful(section, decoded, code.fixups);
}

}  // namespace relink
