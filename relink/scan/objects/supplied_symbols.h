// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_SUPPLIED_SYMBOLS_H_
#define RELINK_SCAN_OBJECTS_SUPPLIED_SYMBOLS_H_

#include "absl/status/status.h"
#include "relink/scan/objects/linked_objects.h"
#include "relink/scan/objects/object_fixups.h"
#include "relink/scan/objects/object_symbols.h"

namespace relink {

// What compilers take for granted and the files that linkers add to every
// shared object define (crtbeginS.o, libc_nonshared.a), if objects refer to it
// and do not define it:
//
//   _GLOBAL_OFFSET_TABLE_   the GOT
//   __dso_handle            an address by which the module is told from others;
//                           with it comes a function for DT_FINI that calls
//                           __cxa_finalize, which runs destructors
//   atexit                  runs a function as the module is unloaded

// Names what those that are needed need. For after the last object.
void ReferToSupplied(ObjectSymbols& symbols);

// Defines them. For after placing and before any fixup.
absl::Status AddSupplied(LinkedObjects& linked, ObjectFixups& fixups);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_SUPPLIED_SYMBOLS_H_
