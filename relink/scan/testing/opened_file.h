// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_TESTING_OPENED_FILE_H_
#define RELINK_SCAN_TESTING_OPENED_FILE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/fixup.h"
#include "relink/ir/function.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/section.h"
#include "relink/support/address.h"

namespace relink {

// For tests only: a file, opened in a graph of its own, and what it has by
// name. Throws where there is no such thing.
class OpenedFile {
 public:
  explicit OpenedFile(const std::string& path,
                      OpenDepth depth = OpenDepth::kFunctions);
  // Only the functions that have one of `places`, see OpenFunctionsAt.
  OpenedFile(const std::string& path, const std::vector<LinkAddr>& places);

  LinkGraph& graph() { return graph_; }
  ModuleId id() const { return graph_.root_id; }
  Module& module() { return graph_.modules[graph_.root_id]; }

  Section& SectionNamed(absl::string_view name);
  // The one that a symbol is in.
  const Function& FunctionNamed(absl::string_view symbol_name);
  // Why the function must stay; empty if it may move.
  std::string WhyPinned(absl::string_view symbol_name) {
    return std::string(FunctionNamed(symbol_name).pinned);
  }
  // The switches' tables that are known of it.
  std::vector<JumpTable> TablesOf(absl::string_view function);
  // What its code refers to beyond itself, as the fixups say it: "->name-4" for
  // a branch to a function, "&section+8" for an address in a section that is
  // taken or read, each with the addend.
  std::vector<std::string> ReferencesOf(absl::string_view function);
  // The same for all fixups of a section.
  std::vector<std::string> ReferencesIn(absl::string_view section);

 private:
  void Scan(const std::string& path);
  std::string TextOf(const Fixup& fixup);
  const Function* FunctionAt(LinkAddr address);

  LinkGraph graph_;
};

}  // namespace relink

#endif  // RELINK_SCAN_TESTING_OPENED_FILE_H_
