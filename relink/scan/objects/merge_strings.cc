// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/merge_strings.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "relink/arch/object_relocation.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/support/address.h"

namespace relink {
namespace {

bool HasStrings(const ObjectSection& section) {
  constexpr uint64_t kWanted =
      elf::kShfAlloc | elf::kShfMerge | elf::kShfStrings;
  constexpr uint64_t kOther = elf::kShfWrite | elf::kShfExecinstr |
                              elf::kShfTls | elf::kShfX86_64Large |
                              elf::kShfExclude;
  const auto bytes = section.contents.bytes();
  return (section.flags & (kWanted | kOther)) == kWanted &&
         section.entry_size == 1 && section.relocations.empty() &&
         !bytes.empty() && bytes.back() == std::byte{0};
}

// Sections that a PC-relative relocation refers to by their own symbol.
std::vector<bool> ReferredTo(const ObjectFile& object) {
  std::vector<bool> referred(object.sections.size());
  for (const ObjectSection& section : object.sections) {
    for (const auto& relocation : section.relocations) {
      const auto& symbol = object.symbols[relocation.sym()];
      if (symbol.type() != elf::kSttSection) continue;
      const uint32_t number = object.symbol_sections[relocation.sym()];
      if ((object.sections[number].flags & elf::kShfMerge) == 0) continue;
      const ObjectRelocation* kind =
          object.target->FindObjectRelocation(relocation.type());
      const bool exact =
          kind != nullptr && kind->asks == Asks::kSymbol &&
          object.target->Rule(kind->rule).formula == Formula::kSymbol;
      if (!exact) referred[number] = true;
    }
  }
  return referred;
}

// All strings of one alignment.
struct StringTable {
  SectionId section_id;
  std::vector<std::byte> bytes;
  absl::flat_hash_map<absl::string_view, uint32_t> offsets;
};

class StringMerger {
 public:
  explicit StringMerger(LinkedObjects& linked) : linked_(linked) {}

  void Merge() {
    const auto& objects = linked_.symbols->objects();
    for (uint32_t i = 0; i < objects.size(); ++i) {
      const std::vector<ObjectSection>& sections = objects[i].sections;
      if (std::ranges::none_of(sections, HasStrings)) continue;
      const std::vector<bool> referred = ReferredTo(objects[i]);
      for (uint32_t j = 1; j < sections.size(); ++j) {
        if (HasStrings(sections[j]) && !referred[j] &&
            !linked_.symbols->IsDiscarded(i, j)) {
          linked_.places[i][j] = Place(sections[j]);
        }
      }
    }
    for (auto& [alignment, table] : tables_) {
      Section& section = linked_.section(table.section_id);
      section.size = table.bytes.size();
      section.contents = SectionContents(std::move(table.bytes));
    }
  }

 private:
  InputPlace Place(const ObjectSection& from) {
    StringTable& table = tables_[from.alignment];
    if (!table.section_id.has_value()) {
      table.section_id = linked_.AddSection(".rodata.str", SectionKind::kOutput,
                                            MemoryClass::kReadOnly);
      linked_.section(table.section_id).alignment = from.alignment;
    }
    const absl::string_view text(
        reinterpret_cast<const char*>(from.contents.data()),
        from.contents.size());
    std::vector<MergedString> strings;
    for (size_t begin = 0; begin < text.size();) {
      const size_t end = text.find('\0', begin) + 1;
      const absl::string_view string = text.substr(begin, end - begin);
      strings.push_back(
          {static_cast<uint32_t>(begin), Add(table, string, from.alignment)});
      begin = end;
    }
    linked_.merged.push_back(std::move(strings));
    return {.section_id = table.section_id,
            .merged = static_cast<uint32_t>(linked_.merged.size() - 1)};
  }

  static uint32_t Add(StringTable& table, absl::string_view string,
                      uint64_t alignment) {
    const uint64_t offset = AlignUp(table.bytes.size(), alignment);
    const auto [known, is_new] =
        table.offsets.try_emplace(string, static_cast<uint32_t>(offset));
    if (!is_new) return known->second;
    table.bytes.resize(offset);
    const auto* bytes = reinterpret_cast<const std::byte*>(string.data());
    table.bytes.insert(table.bytes.end(), bytes, bytes + string.size());
    return known->second;
  }

  LinkedObjects& linked_;
  std::map<uint64_t, StringTable> tables_;  // By alignment.
};

}  // namespace

void MergeStrings(LinkedObjects& linked) { StringMerger(linked).Merge(); }

}  // namespace relink
