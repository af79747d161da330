// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_SELECT_OBJECTS_H_
#define RELINK_SCAN_OBJECTS_SELECT_OBJECTS_H_

#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/module_source.h"
#include "relink/scan/objects/object_symbols.h"

namespace relink {

// The objects of a link, and what keeps their bytes.
struct SelectedObjects {
  ObjectSymbols symbols;
  std::vector<ModuleSource> sources;
};

// Reads objects and archives. Of an archive, those members are taken that
// define a symbol which an object needs and none defines, as long as there are
// any, wherever the archive stands among the sources. Of two that define the
// same one, the first is taken. An archive without an index is searched.
//
// Errors as LinkObjects.
absl::StatusOr<SelectedObjects> SelectObjects(
    std::vector<ModuleSource> sources);

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_SELECT_OBJECTS_H_
