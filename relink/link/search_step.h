// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_SEARCH_STEP_H_
#define RELINK_LINK_SEARCH_STEP_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace relink {

// Why a place was looked at.
enum class SearchRule : uint8_t {
  kLoaded,       // A module of the link or of its context.
  kHost,         // What the process has of its own.
  kPolicy,       // What the embedder said of the name.
  kPath,         // The name is a path.
  kRpath,        // DT_RPATH of the requester, or of what needed it.
  kLibraryPath,  // LD_LIBRARY_PATH.
  kRunpath,      // DT_RUNPATH of the requester.
  kDirectory,    // A directory of the embedder's.
  kCache,        // /etc/ld.so.cache.
  kSystem,       // The directories that ld.so knows.
};

enum class SearchOutcome : uint8_t {
  kFound,
  kAbsent,
  kOtherTarget,  // An ELF file of another class, byte order or machine.
  kFailed,       // Refused, or it cannot be read.
};

// One place where a dependency was looked for.
struct SearchStep {
  absl::string_view requester;  // The module that needs it; empty for a caller.
  absl::string_view name;       // What it needs.
  SearchRule rule = SearchRule::kPath;
  std::string place;  // The path, or the module that was found.
  SearchOutcome outcome = SearchOutcome::kAbsent;
};

absl::string_view Name(SearchRule rule);
absl::string_view Name(SearchOutcome outcome);

}  // namespace relink

#endif  // RELINK_LINK_SEARCH_STEP_H_
