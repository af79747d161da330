// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_MADE_FILE_H_
#define RELINK_SCAN_OBJECTS_MADE_FILE_H_

#include <cstddef>
#include <vector>

#include "relink/scan/objects/linked_objects.h"
#include "relink/support/address.h"

namespace relink {

// Writes the file that a module of object files never had, as far as loading
// reads one: an ELF header, and a segment at `begin` with the dynamic symbols,
// their names, their hash table and the dynamic relocations. Sets what
// `Module::dynamic` says of those, and Symbol::dynamic_index of each.
//
// Every section has its home by now.
std::vector<std::byte> MakeFile(LinkedObjects& linked, LinkAddr begin);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_MADE_FILE_H_
