// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_SCAN_SEGMENTS_H_
#define RELINK_SCAN_SCAN_SEGMENTS_H_

#include "absl/status/status.h"
#include "relink/elf/elf_file.h"
#include "relink/ir/link_graph.h"

namespace relink {

// Fills the segments of `module` and the ranges that program headers name, and
// proves of them what scan_module.h promises. Messages name the program header.
template <class E>
absl::Status ScanSegments(const elf::ElfHeaders<E>& file, Module& module);

extern template absl::Status ScanSegments(const elf::ElfHeaders<elf::Elf64Le>&,
                                          Module&);

}  // namespace relink

#endif  // RELINK_SCAN_SCAN_SEGMENTS_H_
