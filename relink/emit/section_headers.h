// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_SECTION_HEADERS_H_
#define RELINK_EMIT_SECTION_HEADERS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "relink/emit/file_layout.h"
#include "relink/emit/header_room.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// Appends section headers to `output`, which has all else, as the ELF header
// then says: those of the input, under the same numbers, and new ones for what
// is in new segments, for the names, and for `map`. Symbols of functions that
// moved get their new addresses and sections.
//
// The input's .eh_frame and .eh_frame_hdr, which the new ones include, are
// called relink.orig.eh_frame and relink.orig.eh_frame_hdr from then on.
// Where the input has no usable section headers, the output has none.
//
// Unimplemented: more sections than a header can number.
absl::Status AppendSectionHeaders(const LinkedImage& image, ModuleId id,
                                  const FileLayout& layout,
                                  const HeaderRoom& room,
                                  const std::string& map,
                                  std::vector<std::byte>& output);

}  // namespace relink

#endif  // RELINK_EMIT_SECTION_HEADERS_H_
