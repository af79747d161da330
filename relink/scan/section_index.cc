// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/section_index.h"

#include <algorithm>

namespace relink {

SectionIndex::SectionIndex(std::span<const PlannedSection> plan,
                           SectionId first_section, SymbolId first_symbol)
    : first_section_(first_section), first_symbol_(first_symbol) {
  for (const PlannedSection& planned : plan) {
    const uint32_t number = count();
    const Section& section = planned.section;
    const bool tls = section.memory_class == MemoryClass::kTls;
    homes_.push_back(section.home);
    headers_.push_back(planned.header);
    if (tls && first_tls_ == kNone) first_tls_ = number;
    if (!tls || section.contents.size() != 0) {
      addressed_.push_back(
          {section.home, number, section.memory_class == MemoryClass::kCode});
    }
  }
}

const SectionIndex::Entry* SectionIndex::LastFrom(LinkAddr address) const {
  const auto after = std::upper_bound(
      addressed_.begin(), addressed_.end(), address,
      [](LinkAddr a, const Entry& entry) { return a < entry.home.begin; });
  return after == addressed_.begin() ? nullptr : &*(after - 1);
}

uint32_t SectionIndex::Find(LinkAddr address) const {
  const Entry* entry = LastFrom(address);
  return entry != nullptr && entry->home.Contains(address) ? entry->number
                                                           : kNone;
}

uint32_t SectionIndex::FindNearest(LinkAddr address) const {
  if (addressed_.empty()) return kNone;
  const Entry* const first = addressed_.data();
  const Entry* entry = LastFrom(address);
  if (entry == nullptr) return first->number;
  while (entry != first && entry->code && !entry->home.Contains(address)) {
    --entry;
  }
  return entry->number;
}

uint32_t SectionIndex::FindHeader(uint32_t header) const {
  if (header == 0) return kNone;
  const auto found = std::find(headers_.begin(), headers_.end(), header);
  return found == headers_.end()
             ? kNone
             : static_cast<uint32_t>(found - headers_.begin());
}

}  // namespace relink
