// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_PLAN_SECTIONS_H_
#define RELINK_SCAN_PLAN_SECTIONS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/section.h"
#include "relink/scan/file_parts.h"

namespace relink {

// A section of the file. `header` is its number in the table of section
// headers, 0 if it is made from a segment.
struct PlannedSection {
  Section section;  // Without a module, a symbol or fixups.
  uint32_t header = 0;
  std::string made_name;  // If the file has no name for it.
};

// The sections of a module that are loaded and not empty, ascending by address;
// one for .tbss overlaps the address of what follows. The same for the same
// file, whenever it is asked.
//
// Where section headers are missing, or do not agree with the segments, there
// is one for each segment, and those that hold RELRO or TLS are cut there.
//
// Unimplemented: a section of a GiB or more.
template <class E>
absl::StatusOr<std::vector<PlannedSection>> PlanSections(
    const Module& module, const FileParts<E>& parts);

extern template absl::StatusOr<std::vector<PlannedSection>> PlanSections(
    const Module&, const FileParts<elf::Elf64Le>&);

}  // namespace relink

#endif  // RELINK_SCAN_PLAN_SECTIONS_H_
