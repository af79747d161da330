// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_BUILDER_H_
#define RELINK_IR_GRAPH_BUILDER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"

namespace relink {

// Graphs for tests, in few words:
//
//   LinkGraph graph = GraphBuilder()
//                         .Module("liba.so")
//                         .Function(".text.f", 16).Symbol("f").Calls("g")
//                         .Function(".text.g", 16).Symbol("g")
//                         .Data(".data", 8).PointsTo("f")
//                         .Build();
//
// Modules are opened to their functions and can be reordered; each section has
// a home behind the one before it, and the order is the one in which they were
// added. What a method adds goes to what was added last. Each reference takes
// the next place of its section; a name that is nowhere defined is an undefined
// symbol.
class GraphBuilder {
 public:
  GraphBuilder& Module(absl::string_view name,
                       Capability capability = Capability::kReorderable);
  GraphBuilder& Function(absl::string_view name, uint64_t size);
  GraphBuilder& ReadOnly(absl::string_view name, uint64_t size);
  GraphBuilder& Data(absl::string_view name, uint64_t size);
  // Of the function that was added last, to which it refers.
  GraphBuilder& JumpTable(absl::string_view name, uint64_t size);

  // Global, and exported.
  GraphBuilder& Symbol(absl::string_view name, uint64_t offset = 0);
  // Not exported.
  GraphBuilder& Local(absl::string_view name, uint64_t offset = 0);

  // A call of five bytes; a `weight` is also an edge of LinkGraph::calls, if
  // the callee is defined.
  GraphBuilder& Calls(absl::string_view symbol, double weight = 0);
  // A lea of seven bytes.
  GraphBuilder& TakesAddressOf(absl::string_view symbol);
  // Eight bytes that hold its address.
  GraphBuilder& PointsTo(absl::string_view symbol);

  GraphBuilder& Weight(double weight);
  GraphBuilder& Align(uint64_t alignment);
  // `reason` must outlive the graph.
  GraphBuilder& Pin(absl::string_view reason);
  GraphBuilder& Contents(std::vector<uint8_t> bytes);

  LinkGraph Build();

 private:
  struct Reference {
    SectionId section_id;
    uint32_t offset;
    const char* rule;
    std::string symbol;
    int64_t addend;
    double weight;
  };

  GraphBuilder& AddSection(absl::string_view name, uint64_t size,
                           SectionKind kind, MemoryClass memory_class);
  GraphBuilder& AddSymbol(absl::string_view name, uint64_t offset,
                          bool exported);
  GraphBuilder& Refer(absl::string_view symbol, const char* rule,
                      uint32_t before, uint32_t width, int64_t addend,
                      double weight);
  SymbolId FindOrAdd(const Reference& reference);
  Section& section() { return graph_.sections[section_id_]; }

  LinkGraph graph_;
  ModuleId module_id_;
  SectionId section_id_;
  SectionId function_id_;
  uint64_t next_home_ = 0x1000;
  uint32_t next_offset_ = 0;
  std::vector<Reference> references_;
};

}  // namespace relink

#endif  // RELINK_IR_GRAPH_BUILDER_H_
