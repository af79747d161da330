// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_REACHABILITY_H_
#define RELINK_PASSES_ANALYSIS_REACHABILITY_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"

namespace relink {

// Whether a section may be in no image if nothing refers to it: functions, what
// lies between them, jump tables, and data of the program, of a module whose
// references are all known. Not what the module's own headers and tables name,
// what is pinned, or what other modules may ask for by name.
bool MayDie(const LinkGraph& graph, const Section& section);

// Which sections can be reached: by reference from those that must be there
// (what may not die, what is exported, a module's entry, its initialization and
// termination) and from `more_roots`. An unwind record does not keep its
// function alive; it is the other way round.
std::vector<bool> FindReachable(const LinkGraph& graph,
                                std::span<const SectionId> more_roots);

// FindReachable, without other roots.
//
// Reads: sections, symbols, fixups, what modules' dynamic tables name.
struct Reachability {
  static constexpr absl::string_view kName = "reachability";
  static constexpr absl::string_view kHelp =
      "which sections can be reached from what must be there";

  struct Result {
    const LinkGraph* graph;       // What it is about.
    std::vector<bool> reachable;  // By section.
  };

  absl::StatusOr<Result> Run(const LinkGraph& graph,
                             AnalysisManager<LinkGraph>& analyses) const;

  // The names of those that cannot be reached, one a line.
  static std::string Print(const Result& result);
};

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_REACHABILITY_H_
