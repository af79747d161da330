// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/link/object_group.h"
#include "relink/scan/objects/object_kind.h"

namespace relink {

absl::StatusOr<Closure> ScanObjects(std::vector<ModuleSource> sources,
                                    const ClosureOptions& /*options*/) {
  const ModuleSource& first = sources.front();
  return absl::UnimplementedError(absl::StrCat(
      first.name(), ": ",
      IsObjectFile(first.prefix()) ? "is a relocatable object (ET_REL)"
                                   : "is to be linked with others",
      ", and Relink is built with --//relink:objects=false"));
}

void PlaceInReach(const LinkGraph& /*graph*/, Layout& /*layout*/) {}

}  // namespace relink
