// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_DEFINITIONS_H_
#define RELINK_IR_GRAPH_DEFINITIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/graph_lexer.h"
#include "relink/ir/link_graph.h"

namespace relink {

// What a graph's text defines, before it is parsed: a reference may come before
// the definition.
class GraphDefinitions {
 public:
  // InvalidArgument: a label is defined twice. What is malformed otherwise is
  // left to the parser.
  static absl::StatusOr<GraphDefinitions> Collect(absl::string_view text);

  // What `token`, a name or a label, refers to. The error says what is wrong
  // with the token.
  absl::Status Find(const Token& token, ModuleId& id) const;
  absl::Status Find(const Token& token, SectionId& id) const;
  absl::Status Find(const Token& token, ArenaId& id) const;
  // In the lines of module `from`, whose own symbols come before those of
  // others.
  absl::Status Find(const Token& token, ModuleId from, SymbolId& id) const;

  // The symbol at the beginning of the section; none if the section's line
  // names another one.
  SymbolId own_symbol(SectionId id) const { return own_[id.index()]; }

 private:
  struct Names {
    struct Entry {
      uint32_t index;
      size_t line;
      bool again = false;
    };
    // What the token, which follows a keyword, defines in the lines of `from`.
    absl::Status Define(GraphLexer& lexer, size_t line, ModuleId from);
    absl::StatusOr<uint32_t> Find(const Token& token,
                                  absl::string_view kind) const;
    // What the entry has, if nothing else has its name.
    static absl::StatusOr<uint32_t> Only(const Entry& entry,
                                         absl::string_view kind,
                                         absl::string_view name);

    uint32_t count = 0;
    absl::flat_hash_map<std::string, Entry> by_name;
    // By the module whose lines define it.
    absl::flat_hash_map<std::pair<uint32_t, std::string>, Entry> by_own_name;
    absl::flat_hash_map<std::string, Entry> by_label;
  };

  absl::Status CollectLine(absl::string_view line, size_t number);

  Names modules_;
  Names sections_;
  Names symbols_;
  Names arenas_;
  std::vector<SymbolId> own_;
  ModuleId from_;  // What the present line belongs to.
};

// Calls `visit(line, number)` for each line of `text` until it fails.
template <typename Visit>
absl::Status ForEachLine(absl::string_view text, Visit visit) {
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = text.find('\n');
    const absl::Status status = visit(text.substr(0, end), number);
    if (!status.ok()) return status;
    text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  }
  return absl::OkStatus();
}

// "line 3, column 14: what".
absl::Status ErrorAt(size_t line, size_t column, absl::string_view what);

}  // namespace relink

#endif  // RELINK_IR_GRAPH_DEFINITIONS_H_
