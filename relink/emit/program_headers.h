// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_PROGRAM_HEADERS_H_
#define RELINK_EMIT_PROGRAM_HEADERS_H_

#include <optional>
#include <vector>

#include "relink/elf/records.h"
#include "relink/emit/file_layout.h"
#include "relink/emit/header_room.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Those of the input, and one for each new segment. `unwind_index` is the
// .eh_frame_hdr that takes the place of the input's.
std::vector<elf::Phdr<elf::Elf64Le>> MakeProgramHeaders(
    const LinkedImage& image, ModuleId id, const FileLayout& layout,
    const HeaderRoom& room, std::optional<SectionId> unwind_index);

}  // namespace relink

#endif  // RELINK_EMIT_PROGRAM_HEADERS_H_
