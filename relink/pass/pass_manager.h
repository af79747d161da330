// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_MANAGER_H_
#define RELINK_PASS_PASS_MANAGER_H_

#include <concepts>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/pass_observer.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/support/status.h"

namespace relink {

// Changes a unit and says which analyses of it are still true. There is no
// interface to inherit from; any value of this shape is a pass:
//
//   struct GcSections {
//     static constexpr absl::string_view kName = "gc-sections";
//     absl::StatusOr<PreservedAnalyses> Run(
//         LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const;
//   };
//
// Its members are its options. Run is const: what it finds out goes into the
// unit or into an analysis, so that one pass serves any number of units.
template <typename P, typename Unit>
concept PassFor = std::move_constructible<P> &&
    requires(const P& pass, Unit& unit, AnalysisManager<Unit>& analyses) {
  { P::kName } -> std::convertible_to<absl::string_view>;
  {
    pass.Run(unit, analyses)
    } -> std::same_as<absl::StatusOr<PreservedAnalyses>>;
};

// Runs passes over a unit, one after the other. Once it has them all it can be
// shared by threads, if passes and observer can.
template <typename Unit>
class PassManager {
 public:
  // A pass for another kind of unit does not compile.
  template <PassFor<Unit> P>
  void Add(P pass) {
    passes_.push_back(std::make_unique<Model<P>>(std::move(pass)));
  }

  // `observer` must outlive the manager; null for none.
  void set_observer(PassObserver<Unit>* observer) { observer_ = observer; }

  // Runs the passes in the order in which they were added. Returns the analyses
  // that all of them preserve, or the error of the first that fails as
  // "pass NAME: ...", which leaves `unit` as that pass left it.
  absl::StatusOr<PreservedAnalyses> Run(Unit& unit,
                                        AnalysisManager<Unit>& analyses) const {
    PreservedAnalyses preserved_by_all = PreservedAnalyses::All();
    for (const std::unique_ptr<Pass>& pass : passes_) {
      if (observer_ != nullptr) observer_->BeforePass(pass->name(), unit);
      const absl::StatusOr<PreservedAnalyses> preserved =
          pass->Run(unit, analyses);
      if (!preserved.ok()) {
        analyses.Invalidate(unit, PreservedAnalyses::None());
        return Annotate(preserved.status(),
                        absl::StrCat("pass ", pass->name()));
      }
      analyses.Invalidate(unit, *preserved);
      preserved_by_all.Intersect(*preserved);
      if (observer_ != nullptr) {
        observer_->AfterPass(pass->name(), unit, *preserved);
      }
    }
    return preserved_by_all;
  }

 private:
  // A pass of any type.
  class Pass {
   public:
    virtual ~Pass() = default;
    virtual absl::string_view name() const = 0;
    virtual absl::StatusOr<PreservedAnalyses> Run(
        Unit& unit, AnalysisManager<Unit>& analyses) const = 0;
  };

  template <typename P>
  class Model final : public Pass {
   public:
    explicit Model(P pass) : pass_(std::move(pass)) {}
    absl::string_view name() const override { return P::kName; }
    absl::StatusOr<PreservedAnalyses> Run(
        Unit& unit, AnalysisManager<Unit>& analyses) const override {
      return pass_.Run(unit, analyses);
    }

   private:
    P pass_;
  };

  std::vector<std::unique_ptr<Pass>> passes_;
  PassObserver<Unit>* observer_ = nullptr;
};

}  // namespace relink

#endif  // RELINK_PASS_PASS_MANAGER_H_
