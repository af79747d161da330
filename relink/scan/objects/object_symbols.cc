// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/object_symbols.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/constants.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using State = GroupSymbol::State;

// Default is the least constraining, then protected, hidden and internal.
uint8_t MoreConstraining(uint8_t a, uint8_t b) {
  if (a == elf::kStvDefault) return b;
  if (b == elf::kStvDefault) return a;
  return std::min(a, b);
}

// What GNU compilers made before there were groups.
constexpr absl::string_view kLinkOnce = ".gnu.linkonce.";

}  // namespace

void ObjectSymbols::DiscardGroups(const ObjectFile& object,
                                  std::vector<bool>& discarded) {
  for (const SectionGroup& group : object.groups) {
    if (!group.comdat || signatures_.insert(group.signature).second) continue;
    for (const uint32_t member : group.members) discarded[member] = true;
  }
  for (size_t i = 1; i < object.sections.size(); ++i) {
    const absl::string_view name = object.sections[i].name;
    if (!absl::StartsWith(name, kLinkOnce)) continue;
    if (!signatures_.insert(name).second) discarded[i] = true;
  }
}

absl::Status ObjectSymbols::AddSymbol(uint32_t object, uint32_t index,
                                      GroupSymbol& symbol) {
  const ObjectFile& file = objects_[object];
  const auto& entry = file.symbols[index];
  symbol.visibility = MoreConstraining(symbol.visibility, entry.visibility());
  const uint32_t section = file.symbol_sections[index];
  const bool weak = entry.bind() == elf::kStbWeak;
  if (entry.undefined() || discarded_[object][section]) {
    symbol.wanted |= !weak;
    if (!symbol.defined() && entry.type() != elf::kSttNotype) {
      symbol.type = entry.type();
    }
    return absl::OkStatus();
  }
  const State state = entry.st_shndx == elf::kShnCommon ? State::kCommon
                      : weak                            ? State::kWeak
                                                        : State::kStrong;
  if (state == State::kStrong && symbol.state == State::kStrong) {
    // A GNU unique symbol stands for all others of its name.
    if (entry.bind() == elf::kStbGnuUnique) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat(file.name, ": ", symbol.name, " is defined by ",
                     objects_[symbol.object].name, " as well"));
  }
  if (state == State::kCommon && symbol.state <= State::kCommon) {
    const bool was_common = symbol.state == State::kCommon;
    const uint64_t size = entry.st_size;
    const uint64_t alignment = entry.st_value;
    symbol.alignment =
        was_common ? std::max(symbol.alignment, alignment) : alignment;
    symbol.size = was_common ? std::max(symbol.size, size) : size;
  }
  if (state <= symbol.state) return absl::OkStatus();
  symbol.state = state;
  symbol.object = object;
  symbol.index = index;
  symbol.type = entry.type();
  if (state != State::kCommon) symbol.size = entry.st_size;
  return absl::OkStatus();
}

uint32_t ObjectSymbols::Refer(absl::string_view name, bool wanted) {
  const auto [known, is_new] =
      by_name_.try_emplace(name, static_cast<uint32_t>(symbols_.size()));
  if (is_new) symbols_.emplace_back().name = name;
  symbols_[known->second].wanted |= wanted;
  return known->second;
}

absl::Status ObjectSymbols::Add(ObjectFile added) {
  const auto object = static_cast<uint32_t>(objects_.size());
  const ObjectFile& file = objects_.emplace_back(std::move(added));
  std::vector<bool>& discarded =
      discarded_.emplace_back(std::max<size_t>(file.sections.size(), 1));
  DiscardGroups(file, discarded);
  std::vector<uint32_t>& ids = ids_.emplace_back();
  ids.reserve(file.symbols.size() - file.first_global);
  for (uint32_t i = file.first_global; i < file.symbols.size(); ++i) {
    if (i == 0) {  // The first of all is nobody's.
      ids.push_back(GroupSymbol::kNone);
      continue;
    }
    const uint32_t id = Refer(file.NameOf(i), /*wanted=*/false);
    ids.push_back(id);
    RETURN_IF_ERROR(AddSymbol(object, i, symbols_[id]));
  }
  return absl::OkStatus();
}

}  // namespace relink
