// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_MODULE_PARSER_H_
#define RELINK_IR_GRAPH_MODULE_PARSER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/ir/graph_line.h"
#include "relink/ir/link_graph.h"

namespace relink {

// Reads what follows the keyword of a statement about a fact of `module`.
using ModuleStatement = absl::Status (*)(GraphLine& line, Module& module);

// The statement that `keyword` begins; null if it begins none of those.
ModuleStatement FindModuleStatement(absl::string_view keyword);

}  // namespace relink

#endif  // RELINK_IR_GRAPH_MODULE_PARSER_H_
