// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_BRANCH_TARGETS_H_
#define RELINK_PASSES_ANALYSIS_BRANCH_TARGETS_H_

#include <cstdint>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"

namespace relink {

// A call or jump with its target in the instruction; false for one that takes
// or holds an address. Direct branches have a rule of their own, see
// Lookup::kCall.
bool IsBranch(const Fixup& fixup);

// The code that branches lead to, whatever lies between. Keeps a reference to
// the graph, whose symbols must not change. Not for several threads.
class BranchTargets {
 public:
  explicit BranchTargets(const LinkGraph& graph) : graph_(graph) {}

  // What a symbol means: its definition, or that of the first module of the
  // graph that exports its name. None if that is outside of the graph.
  std::optional<InSection> Definition(SymbolId id) const;

  // Where the branch of `fixup` goes in the end. None if that is outside of the
  // graph. Precondition: IsBranch.
  std::optional<InSection> Of(const Fixup& fixup) const;

 private:
  // The fixup of the slot that a stub at `place` jumps through; null if there
  // is no stub.
  const Fixup* SlotOfStub(InSection place) const;

  // None if no module exports the name.
  SymbolId ExportNamed(absl::string_view name) const;
  void FindExports() const;

  const LinkGraph& graph_;
  // Once they are asked for.
  mutable std::optional<absl::flat_hash_map<absl::string_view, SymbolId>>
      exports_;
};

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_BRANCH_TARGETS_H_
