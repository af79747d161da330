// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_PRINTER_H_
#define RELINK_IR_GRAPH_PRINTER_H_

#include <string>

#include "relink/ir/link_graph.h"

namespace relink {

// The text form of `graph`, which docs/ir.md defines and ParseGraph reads. Says
// everything but the bytes of the modules' files that are no contents of a
// section, and the embedder's data. Takes graphs that the verifier refuses;
// what refers to nothing then says `none`.
std::string PrintGraph(const LinkGraph& graph);

}  // namespace relink

#endif  // RELINK_IR_GRAPH_PRINTER_H_
