// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_PARSER_H_
#define RELINK_IR_GRAPH_PARSER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"

namespace relink {

// The graph whose text form, which docs/ir.md defines, is `text`. Its modules
// have sources without bytes; it refers to nothing in `text`. It is what the
// text says, which the verifier may refuse.
//
// InvalidArgument: malformed, as "line 3, column 14: expected a number ...".
absl::StatusOr<LinkGraph> ParseGraph(absl::string_view text);

}  // namespace relink

#endif  // RELINK_IR_GRAPH_PARSER_H_
