// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_CODE_MAP_H_
#define RELINK_SCAN_CODE_MAP_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <vector>

#include "relink/ir/function.h"
#include "relink/support/address.h"

namespace relink {

// One bit for each byte of a section.
class ByteMarks {
 public:
  explicit ByteMarks(uint64_t size)
      : words_(static_cast<uint64_t*>(
            std::calloc(size / 64 + 1, sizeof(uint64_t)))) {
    if (words_ == nullptr) throw std::bad_alloc();
  }

  void Set(uint32_t at) { words_[at / 64] |= uint64_t{1} << at % 64; }
  bool Has(uint32_t at) const { return words_[at / 64] >> at % 64 & 1; }
  // The first one in [begin, end) that is marked here and not in `but`; `end`
  // if there is none.
  uint32_t FindFirst(uint32_t begin, uint32_t end, const ByteMarks* but) const;

 private:
  struct Free {
    void operator()(uint64_t* words) const { std::free(words); }
  };
  // Pages that nothing is marked in are never touched.
  std::unique_ptr<uint64_t[], Free> words_;
};

// A part of a code section: a function, or what lies between two.
struct CodeUnit {
  static constexpr uint32_t kNoFunction = UINT32_MAX;
  uint32_t begin = 0;  // From the beginning of the section.
  uint32_t function = kNoFunction;
};

// A code section cut into units, and what decoding learns of its bytes.
class CodeSection {
 public:
  // `functions` are those in it, ascending; the first is the `first_function`th
  // of its module. `bytes` must outlive the section.
  CodeSection(uint32_t number, LinkRange home, std::span<const std::byte> bytes,
              std::span<const Function> functions, uint32_t first_function);

  uint32_t number() const { return number_; }  // As SectionIndex has it.
  LinkRange home() const { return home_; }
  std::span<const std::byte> bytes() const { return bytes_; }
  uint32_t OffsetOf(LinkAddr address) const {
    return static_cast<uint32_t>(address - home_.begin);
  }

  // Units cover all of the section.
  std::span<const CodeUnit> units() const { return units_; }
  uint32_t EndOf(size_t unit) const {
    return unit + 1 < units_.size() ? units_[unit + 1].begin
                                    : static_cast<uint32_t>(home_.size);
  }
  // The unit that has the byte at `offset`, which is inside of the section.
  size_t UnitAt(uint32_t offset) const {
    size_t unit = pages_[offset / kPage];
    while (EndOf(unit) <= offset) ++unit;
    return unit;
  }

  ByteMarks starts;   // Where decoded instructions begin.
  ByteMarks entries;  // Where something enters: a branch, a pointer.

 private:
  static constexpr uint32_t kPage = 256;

  uint32_t number_;
  LinkRange home_;
  std::span<const std::byte> bytes_;
  std::vector<CodeUnit> units_;
  std::vector<uint32_t> pages_;  // The unit that has the first byte of each.
};

// All code of a module, ascending by address.
class CodeMap {
 public:
  void Add(CodeSection section) { sections_.push_back(std::move(section)); }

  std::span<CodeSection> sections() { return sections_; }
  std::span<const CodeSection> sections() const { return sections_; }

  // The section that has the address, or null.
  CodeSection* Find(LinkAddr address);
  // Marks what is entered at `address`, if that is code.
  void Enter(LinkAddr address) {
    CodeSection* section = Find(address);
    if (section != nullptr) section->entries.Set(section->OffsetOf(address));
  }

 private:
  std::vector<CodeSection> sections_;
};

}  // namespace relink

#endif  // RELINK_SCAN_CODE_MAP_H_
