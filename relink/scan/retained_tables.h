// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_RETAINED_TABLES_H_
#define RELINK_SCAN_RETAINED_TABLES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "relink/elf/records.h"
#include "relink/scan/file_parts.h"
#include "relink/scan/section_index.h"

namespace relink {

// Relocations that the static linker was asked to keep, of one section.
template <class E>
struct RetainedTable {
  uint32_t section = 0;  // As SectionIndex has it.
  std::span<const elf::Rela<E>> entries;
};

// Those of a file, none if there are none. What is malformed is left out.
template <class E>
std::vector<RetainedTable<E>> FindRetainedTables(const FileParts<E>& parts,
                                                 const SectionIndex& sections);

extern template std::vector<RetainedTable<elf::Elf64Le>> FindRetainedTables(
    const FileParts<elf::Elf64Le>&, const SectionIndex&);

}  // namespace relink

#endif  // RELINK_SCAN_RETAINED_TABLES_H_
