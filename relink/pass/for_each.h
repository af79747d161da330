// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_FOR_EACH_H_
#define RELINK_PASS_FOR_EACH_H_

#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/support/status.h"

namespace relink {

// A pass over a whole that runs passes over each of its parts: all of them over
// one part, then all over the next. `Parts` says what the parts are:
//
//   struct Modules {
//     static constexpr absl::string_view kName = "module";
//     using Whole = LinkGraph;
//     using Part = ModuleUnit;  // Has a name(), for messages.
//     // Calls `run` with each part until it returns an error.
//     template <typename Run>
//     static absl::Status ForEachPart(Whole& whole,
//                                     AnalysisManager<Whole>& analyses,
//                                     Run run);
//   };
//
// Analyses of a part are kept while its passes run. What a pass over a part
// does not preserve of the whole is dropped at once.
template <typename Parts>
class ForEach {
 public:
  using Whole = typename Parts::Whole;
  using Part = typename Parts::Part;
  static constexpr absl::string_view kName = Parts::kName;
  static constexpr bool kIsAdaptor = true;

  explicit ForEach(PassManager<Part> passes) : passes_(std::move(passes)) {}

  // An error is "PART: pass NAME: ...".
  absl::StatusOr<PreservedAnalyses> Run(
      Whole& whole, AnalysisManager<Whole>& analyses) const {
    PreservedAnalyses preserved = PreservedAnalyses::All();
    const absl::Status status =
        Parts::ForEachPart(whole, analyses, [&](Part& part) {
          AnalysisManager<Part> part_analyses(analyses.context());
          part_analyses.BelongsTo(whole, analyses);
          const absl::StatusOr<PreservedAnalyses> by_part =
              passes_.Run(part, part_analyses);
          if (!by_part.ok()) return Annotate(by_part.status(), part.name());
          preserved.Intersect(*by_part);
          return absl::OkStatus();
        });
    if (!status.ok()) return status;
    return preserved;
  }

 private:
  PassManager<Part> passes_;
};

}  // namespace relink

#endif  // RELINK_PASS_FOR_EACH_H_
