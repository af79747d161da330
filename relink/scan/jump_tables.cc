// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/jump_tables.h"

#include <algorithm>
#include <cstdint>

#include "relink/arch/instruction.h"
#include "relink/scan/register_facts.h"
#include "relink/support/byte_order.h"

namespace relink {
namespace {

constexpr uint64_t kEntrySize = 4;
// More than any compiler makes a table of.
constexpr uint64_t kMaxEntries = 1 << 16;

// One function.
class Finder {
 public:
  Finder(const Target& target, std::span<const ConstantBytes> constants,
         CodeSection& section, uint32_t number, uint32_t begin, uint32_t end)
      : target_(target),
        constants_(constants),
        section_(section),
        number_(number),
        begin_(begin),
        end_(end) {}

  // Whether all jumps are understood; then adds the tables.
  bool Find(std::vector<JumpTable>& tables) {
    if (!ReadJumps()) return false;
    for (const Jump& jump : jumps_) {
      if (!ReadEntries(jump.table)) return false;
    }
    // What entries lead to is entered, too.
    for (const uint32_t entry : entries_) section_.entries.Set(entry);
    for (const Jump& jump : jumps_) {
      const uint32_t since = section_.OffsetOf(jump.table.since);
      if (section_.entries.FindFirst(since + 1, jump.at + 1, nullptr) <=
          jump.at) {
        return false;
      }
    }
    AddTables(tables);
    return true;
  }

 private:
  struct Jump {
    uint32_t at;
    TableJump table;
  };

  bool ReadJumps() {
    RegisterFacts facts;
    Instruction instruction;
    const auto bytes = section_.bytes();
    for (uint32_t at = begin_; at < end_; at += instruction.length) {
      if (!target_.decode(bytes.subspan(at, end_ - at), &instruction)) {
        return false;
      }
      if (section_.entries.Has(at)) facts.Forget();
      if (instruction.flow == Flow::kIndirectJump && !instruction.memory &&
          !facts.IsLoadedPointer(instruction.rm)) {
        const TableJump table = facts.JumpThrough(instruction.rm);
        if (table.count == 0) return false;
        jumps_.push_back({at, table});
      }
      switch (instruction.flow) {
        case Flow::kJump:
        case Flow::kIndirectJump:
        case Flow::kReturn:
        case Flow::kStop:
          facts.Forget();
          break;
        default:
          facts.Read(instruction, section_.home().begin + at);
      }
    }
    return true;
  }

  bool ReadEntries(const TableJump& jump) {
    if (jump.count > kMaxEntries) return false;
    const LinkRange range{jump.table, jump.count * kEntrySize};
    const ConstantBytes* constant = FindConstant(range);
    if (constant == nullptr) return false;
    const auto bytes = constant->bytes.subspan(
        static_cast<size_t>(range.begin - constant->home.begin), range.size);
    for (uint64_t i = 0; i < jump.count; ++i) {
      const auto* word = reinterpret_cast<const Le<int32_t>*>(bytes.data()) + i;
      const LinkAddr entry =
          jump.table + static_cast<uint64_t>(int64_t{int32_t{*word}});
      const uint64_t offset = entry.value() - section_.home().begin.value();
      if (offset - begin_ >= end_ - begin_ ||
          !section_.starts.Has(static_cast<uint32_t>(offset))) {
        return false;
      }
      entries_.push_back(static_cast<uint32_t>(offset));
    }
    return true;
  }

  // One for each reference, even if several jumps use it.
  void AddTables(std::vector<JumpTable>& tables) {
    std::sort(jumps_.begin(), jumps_.end(), [](const Jump& a, const Jump& b) {
      if (a.table.reference != b.table.reference) {
        return a.table.reference < b.table.reference;
      }
      return a.table.count > b.table.count;
    });
    for (const Jump& jump : jumps_) {
      const TableJump& table = jump.table;
      if (!tables.empty() && tables.back().reference == table.reference) {
        continue;
      }
      tables.push_back(
          {{table.table, table.count * kEntrySize}, number_, table.reference});
    }
  }

  const ConstantBytes* FindConstant(LinkRange range) const {
    const auto after = std::upper_bound(
        constants_.begin(), constants_.end(), range.begin,
        [](LinkAddr a, const ConstantBytes& c) { return a < c.home.begin; });
    if (after == constants_.begin()) return nullptr;
    const ConstantBytes& constant = *(after - 1);
    return constant.home.Contains(range) ? &constant : nullptr;
  }

  const Target& target_;
  std::span<const ConstantBytes> constants_;
  CodeSection& section_;
  uint32_t number_;
  uint32_t begin_;
  uint32_t end_;
  std::vector<Jump> jumps_;
  std::vector<uint32_t> entries_;
};

}  // namespace

std::vector<JumpTable> FindJumpTables(const Target& target,
                                      std::span<const ConstantBytes> constants,
                                      std::span<const Function> functions,
                                      CodeSection& section,
                                      std::span<DecodedFunction> decoded) {
  std::vector<JumpTable> tables;
  for (size_t unit = 0; unit < section.units().size(); ++unit) {
    const uint32_t number = section.units()[unit].function;
    if (number == CodeUnit::kNoFunction || !decoded[number].register_jump ||
        !functions[number].pinned.empty()) {
      continue;
    }
    Finder finder(target, constants, section, number,
                  section.units()[unit].begin, section.EndOf(unit));
    if (finder.Find(tables)) decoded[number].register_jump = false;
  }
  return tables;
}

}  // namespace relink
