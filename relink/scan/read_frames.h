// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_READ_FRAMES_H_
#define RELINK_SCAN_READ_FRAMES_H_

#include <span>

#include "relink/ir/function.h"
#include "relink/ir/link_graph.h"
#include "relink/scan/code_map.h"
#include "relink/scan/file_parts.h"
#include "relink/scan/find_functions.h"
#include "relink/scan/plan_sections.h"
#include "relink/scan/section_index.h"

namespace relink {

// The unwind records of a module, from where .eh_frame_hdr says, or else from
// the section that is named .eh_frame.
template <class E>
FrameIndex ReadFrames(const Module& module, const FileParts<E>& parts,
                      std::span<const PlannedSection> plan,
                      const SectionIndex& sections);

// Pins the functions whose unwind record cannot be used for a copy of them, or
// whose landing pads are not their own, and marks in `code` where landing pads
// enter. `frames` is what they were found with.
template <class E>
void CheckFrames(const FileParts<E>& parts, const FrameIndex& frames,
                 FoundFunctions& found, CodeMap& code);

extern template FrameIndex ReadFrames(const Module&,
                                      const FileParts<elf::Elf64Le>&,
                                      std::span<const PlannedSection>,
                                      const SectionIndex&);
extern template void CheckFrames(const FileParts<elf::Elf64Le>&,
                                 const FrameIndex&, FoundFunctions&, CodeMap&);

}  // namespace relink

#endif  // RELINK_SCAN_READ_FRAMES_H_
