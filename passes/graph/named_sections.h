// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_NAMED_SECTIONS_H_
#define RELINK_PASSES_GRAPH_NAMED_SECTIONS_H_

#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"

namespace relink {

// Whether all of `text` is what `pattern` says: `*` stands for any number of
// characters.
bool Matches(absl::string_view pattern, absl::string_view text);

// The live sections that each of `patterns` means, ascending: those whose name
// or one of whose symbols matches. Takes time in proportion to the graph, and,
// for each pattern with a star, once more.
std::vector<std::vector<SectionId>> SectionsNamed(
    const LinkGraph& graph, std::span<const std::string> patterns);

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_NAMED_SECTIONS_H_
