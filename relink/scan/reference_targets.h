// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_REFERENCE_TARGETS_H_
#define RELINK_SCAN_REFERENCE_TARGETS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relink/ir/function.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/symbol.h"
#include "relink/scan/code_map.h"
#include "relink/scan/section_index.h"
#include "relink/support/address.h"

namespace relink {

// What references in a module refer to, by address: a function by the symbol
// without a name at its beginning, other code by one at the address itself, and
// everything else by the symbol of its section. So a section of code can be cut
// into functions without a look at who refers to it.
//
// Adds those symbols to the graph when they are first asked for.
class ReferenceTargets {
 public:
  // All must outlive it. `functions` are the module's.
  ReferenceTargets(LinkGraph& graph, ModuleId id, const SectionIndex& sections,
                   CodeMap& code, std::span<const Function> functions);

  struct Target {
    SymbolId symbol;  // None: the address is not the module's.
    LinkAddr begin;   // Where that is.
  };
  Target Find(LinkAddr address);

  // The same, in `section`, which has it.
  Target FindInCode(const CodeSection& section, LinkAddr address);

  // Something refers to what lies between functions.
  bool any_between_functions() const { return !other_code_.empty(); }

 private:
  SymbolId AddSymbol(const CodeSection& section, LinkAddr address);

  LinkGraph& graph_;
  ModuleId id_;
  const SectionIndex& sections_;
  CodeMap& code_;
  LinkRange memory_;
  std::vector<SymbolId> function_symbols_;  // By number; none yet.
  absl::flat_hash_map<uint64_t, SymbolId> other_code_;
};

}  // namespace relink

#endif  // RELINK_SCAN_REFERENCE_TARGETS_H_
