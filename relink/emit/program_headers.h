// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_PROGRAM_HEADERS_H_
#define RELINK_EMIT_PROGRAM_HEADERS_H_

#include <optional>
#include <vector>

#include "relink/elf/records.h"
#include "relink/emit/file_layout.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Makes room for the program headers of the output at the front of an arena of
// read-only data: behind those of the input there is none. For after all
// passes.
SectionId ReserveProgramHeaders(LinkGraph& graph, ModuleId id);

// Those of the input, and one for each new segment. `headers_id` is where they
// go, `unwind_index` the .eh_frame_hdr that takes the place of the input's.
std::vector<elf::Phdr<elf::Elf64Le>> MakeProgramHeaders(
    const LinkedImage& image, ModuleId id, const FileLayout& layout,
    SectionId headers_id, std::optional<SectionId> unwind_index);

}  // namespace relink

#endif  // RELINK_EMIT_PROGRAM_HEADERS_H_
