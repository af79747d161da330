// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/search_step.h"

namespace relink {

absl::string_view Name(SearchRule rule) {
  switch (rule) {
    case SearchRule::kLoaded:
      return "loaded";
    case SearchRule::kHost:
      return "host";
    case SearchRule::kPolicy:
      return "policy";
    case SearchRule::kPath:
      return "path";
    case SearchRule::kRpath:
      return "DT_RPATH";
    case SearchRule::kLibraryPath:
      return "LD_LIBRARY_PATH";
    case SearchRule::kRunpath:
      return "DT_RUNPATH";
    case SearchRule::kDirectory:
      return "directory";
    case SearchRule::kCache:
      return "ld.so.cache";
    case SearchRule::kSystem:
      return "system";
  }
  return "?";
}

absl::string_view Name(SearchOutcome outcome) {
  switch (outcome) {
    case SearchOutcome::kFound:
      return "found";
    case SearchOutcome::kAbsent:
      return "absent";
    case SearchOutcome::kOtherTarget:
      return "other target";
    case SearchOutcome::kFailed:
      return "failed";
  }
  return "?";
}

}  // namespace relink
