// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_RUN_GOLDEN_H_
#define RELINK_PASSES_RUN_GOLDEN_H_

#include <string>

#include "absl/strings/string_view.h"

namespace relink {

// The text of a golden test as it should be: what stands before its results is
// kept, and the results are made anew. Such a text is
//
//   # What it is about.
//   PASSES: order<by=size>          passes over a graph, if any
//   ANALYSIS: call-graph            asked for after them, if any
//   REMARKS                         if remarks are a result, too
//   --- graph
//   The text form of a graph, which must be well-formed.
//   --- expected                    the graph after the passes, if there are
//   any
//   --- analysis                    what the analysis says
//   --- remarks                     one a line
//   --- error                       instead of all three: why it failed
std::string RunGolden(absl::string_view text);

}  // namespace relink

#endif  // RELINK_PASSES_RUN_GOLDEN_H_
