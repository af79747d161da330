// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_MERGE_STRINGS_H_
#define RELINK_SCAN_OBJECTS_MERGE_STRINGS_H_

#include "relink/scan/objects/linked_objects.h"

namespace relink {

// Places the sections of NUL-terminated strings that may be merged (gABI,
// SHF_MERGE and SHF_STRINGS), so that all objects have each string once: in one
// section of the graph for each alignment.
//
// A section stays as it is if a PC-relative relocation refers to it by its own
// symbol: the addend then says where the instruction ends, too, and not which
// string is meant. Assemblers give such strings a symbol each.
void MergeStrings(LinkedObjects& linked);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_MERGE_STRINGS_H_
