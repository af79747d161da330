// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_FUNCTION_CLASSES_H_
#define RELINK_PASSES_ANALYSIS_FUNCTION_CLASSES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/analysis_manager.h"

namespace relink {

// What kind of a function each is; several of these at once.
//
// Reads: functions' fixups, sizes, names, weights; the call graph and
// references.
struct FunctionClasses {
  static constexpr absl::string_view kName = "function-classes";
  static constexpr absl::string_view kHelp =
      "which functions are leaves, thunks, recursive, cold, exported, ...";

  enum class Class : uint16_t {
    kLeaf = 1,           // Has no direct branch to another function.
    kThunk = 2,          // At most 16 bytes and one direct branch: a way to it.
    kStub = 4,           // Small, jumps through memory: a way to what is there.
    kRecursive = 8,      // Calls itself, at once or through others.
    kExported = 16,      // Others may ask for it by name.
    kAddressTaken = 32,  // Something has or takes its address.
    kUncalled = 64,      // No direct branch leads to it.
    kColdByName = 128,   // A compiler took it for unlikely: NAME.cold and such.
    kHot = 256,          // Has a weight.
    kPinned = 512,       // Must stay where it is.
    kWithJumpTable = 1024,
    kWithUnwind = 2048,  // Has an unwind record.
  };

  struct Result {
    bool Is(SectionId id, Class c) const {
      return (classes[id.index()] & static_cast<uint16_t>(c)) != 0;
    }

    const LinkGraph* graph;  // What it is about.
    // By section, 0 for one that is no live function.
    std::vector<uint16_t> classes;
  };

  absl::StatusOr<Result> Run(const LinkGraph& graph,
                             AnalysisManager<LinkGraph>& analyses) const;

  // "f: leaf, exported" for each function.
  static std::string Print(const Result& result);
};

absl::string_view Name(FunctionClasses::Class c);

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_FUNCTION_CLASSES_H_
