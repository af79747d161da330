// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/observer.h"

namespace relink {

absl::string_view Name(LoadStep step) {
  switch (step) {
    case LoadStep::kScan:
      return "scan";
    case LoadStep::kGraphPasses:
      return "graph passes";
    case LoadStep::kLayout:
      return "layout";
    case LoadStep::kStage:
      return "stage";
    case LoadStep::kRelocate:
      return "relocate";
    case LoadStep::kPlacedPasses:
      return "placed passes";
    case LoadStep::kFixups:
      return "fixups";
    case LoadStep::kFinish:
      return "finish";
    case LoadStep::kCommit:
      return "commit";
  }
  return "";
}

}  // namespace relink
