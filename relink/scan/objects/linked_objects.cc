// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/linked_objects.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "relink/elf/constants.h"
#include "relink/support/address.h"

namespace relink {

SectionId LinkedObjects::AddSection(absl::string_view name, SectionKind kind,
                                    MemoryClass memory_class) {
  const SectionId id(static_cast<uint32_t>(graph->sections.size()));
  Symbol symbol;
  symbol.module_id = module_id;
  symbol.definition = InSection{id, 0};
  symbol.type = elf::kSttSection;
  Section section;
  section.module_id = module_id;
  section.name = name;
  section.kind = kind;
  section.memory_class = memory_class;
  section.symbol_id = graph->symbols.Add(symbol);
  graph->sections.Add(std::move(section));
  graph->order.push_back(id);
  large.resize(id.index() + 1);
  return id;
}

uint64_t LinkedObjects::OffsetOf(const InputPlace& place,
                                 uint64_t offset) const {
  if (place.merged == InputPlace::kWhole) return place.offset + offset;
  const std::vector<MergedString>& strings = merged[place.merged];
  const auto behind =
      std::ranges::upper_bound(strings, offset, {}, &MergedString::begin);
  const MergedString& string = *std::prev(behind);
  return string.offset + (offset - string.begin);
}

uint64_t LinkedObjects::BlockOffset(const InSection& place) const {
  if (place.section_id != tls_zeros_id || !tls_image_id.has_value()) {
    return place.offset;
  }
  return AlignUp(graph->sections[tls_image_id].size,
                 graph->sections[tls_zeros_id].alignment) +
         place.offset;
}

}  // namespace relink
