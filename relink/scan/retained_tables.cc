// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/retained_tables.h"

#include "relink/elf/constants.h"
#include "relink/support/byte_view.h"

namespace relink {

template <class E>
std::vector<RetainedTable<E>> FindRetainedTables(const FileParts<E>& parts,
                                                 const SectionIndex& sections) {
  std::vector<RetainedTable<E>> tables;
  if (!parts.sections) return tables;
  for (const elf::Shdr<E>& header : parts.sections->sections()) {
    if (header.sh_type != elf::kShtRela ||
        (header.sh_flags & elf::kShfAlloc) != 0) {
      continue;
    }
    const uint32_t section = sections.FindHeader(header.sh_info);
    if (section == SectionIndex::kNone) continue;  // Of debug information.
    const ByteView bytes = parts.sections->Contents(header);
    const auto entries = bytes.template Records<elf::Rela<E>>(
        0, bytes.size() / sizeof(elf::Rela<E>));
    if (entries.ok() && !entries->empty()) {
      tables.push_back({section, *entries});
    }
  }
  return tables;
}

template std::vector<RetainedTable<elf::Elf64Le>> FindRetainedTables(
    const FileParts<elf::Elf64Le>&, const SectionIndex&);

}  // namespace relink
