// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_REFERENCES_H_
#define RELINK_IR_GRAPH_REFERENCES_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"

namespace relink {

// How the text form refers to the parts of a graph: by name, or, if that is
// empty or could mean something else, by label. The name of a symbol means that
// of the module in whose lines it stands, if there is one. Keeps a reference to
// the graph, which must not change.
class GraphReferences {
 public:
  explicit GraphReferences(const LinkGraph& graph);

  // `none` for what is not in the graph.
  std::string To(ModuleId id) const;
  std::string To(SectionId id) const;
  std::string To(ArenaId id) const;
  // `[section]` for the symbol at its beginning.
  std::string To(SymbolId id) const;

  // What stands at the definition: the name, or a label and the name.
  std::string Head(ModuleId id) const;
  std::string Head(SectionId id) const;
  std::string Head(ArenaId id) const;
  std::string Head(SymbolId id) const;

  // The symbol is the one without a name at the beginning of its section.
  bool IsOwn(SymbolId id) const;

  // Symbols in the order of their definitions in the text, without those that
  // IsOwn: first those in no section, module by module, then section by
  // section.
  const std::vector<SymbolId>& OutsideOf(ModuleId id) const;
  const std::vector<SymbolId>& InsideOf(SectionId id) const;

 private:
  // How often each name occurs.
  using Names = absl::flat_hash_map<absl::string_view, uint32_t>;

  void NumberSymbols();
  void LabelSymbols();
  // The module whose lines define the symbol.
  ModuleId ContextOf(const Symbol& symbol) const;
  // Whether `name`, in the lines of module `from`, means only that symbol.
  bool Means(ModuleId from, const Symbol& symbol) const;

  const LinkGraph& graph_;
  Names modules_;
  Names sections_;
  Names symbols_;
  Names arenas_;
  // By the module whose lines define them.
  absl::flat_hash_map<std::pair<uint32_t, absl::string_view>, uint32_t>
      own_symbols_;
  std::vector<bool> labelled_;  // Symbols.
  // By module, and those without one last.
  std::vector<std::vector<SymbolId>> outside_;
  std::vector<std::vector<SymbolId>> inside_;
  std::vector<uint32_t> numbers_;  // Of symbols, in the order of the text.
};

}  // namespace relink

#endif  // RELINK_IR_GRAPH_REFERENCES_H_
