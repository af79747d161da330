// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_MANAGER_H_
#define RELINK_PASS_PASS_MANAGER_H_

#include <array>
#include <concepts>
#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/any_pass.h"
#include "relink/pass/capability_level.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_observer.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/support/status.h"

namespace relink {

// A unit of which more can be found out: `Provide` does what it can towards
// `needed`, and says how far it came.
template <typename Unit>
concept UnitWithCapability = requires(Unit& unit, CapabilityLevel needed) {
  { unit.Provide(needed) } -> std::same_as<absl::StatusOr<CapabilityLevel>>;
  { unit.name() } -> std::convertible_to<absl::string_view>;
};

// Runs passes over a unit, one after the other. Once it has them all it can be
// shared by threads, if passes and observer can.
template <typename Unit>
class PassManager {
 public:
  // A pass for another kind of unit does not compile.
  template <PassFor<Unit> P>
  void Add(P pass) {
    passes_.emplace_back(std::move(pass));
  }
  void Add(AnyPass<Unit> pass) { passes_.push_back(std::move(pass)); }

  const std::vector<AnyPass<Unit>>& passes() const { return passes_; }

  // Told of all runs; the context's observer is told of its own run, too.
  // `observer` must outlive the manager; null for none.
  void set_observer(PassObserver<Unit>* observer) { observer_ = observer; }

  // Runs the passes in the order in which they were added. Returns the analyses
  // that all of them preserve, or the error of the first that fails as
  // "pass NAME: ...", which leaves `unit` as that pass left it. A pass that
  // needs more to be known of `unit` than can be is skipped with a remark.
  absl::StatusOr<PreservedAnalyses> Run(Unit& unit,
                                        AnalysisManager<Unit>& analyses) const {
    const Observers observers = {observer_,
                                 analyses.context().template observer<Unit>()};
    PreservedAnalyses preserved_by_all = PreservedAnalyses::All();
    for (const AnyPass<Unit>& pass : passes_) {
      const absl::StatusOr<PreservedAnalyses> preserved =
          pass.is_adaptor() ? RunAdaptor(pass, unit, analyses, observers)
                            : RunPass(pass, unit, analyses, observers);
      if (!preserved.ok()) return preserved.status();
      preserved_by_all.Intersect(*preserved);
    }
    return preserved_by_all;
  }

 private:
  using Observers = std::array<PassObserver<Unit>*, 2>;

  template <typename Function>
  static void Tell(const Observers& observers, Function tell) {
    for (PassObserver<Unit>* observer : observers) {
      if (observer != nullptr) tell(*observer);
    }
  }

  // False, and a remark, if `unit` is not understood well enough.
  static absl::StatusOr<bool> IsCapable(const AnyPass<Unit>& pass, Unit& unit,
                                        AnalysisManager<Unit>& analyses) {
    if constexpr (UnitWithCapability<Unit>) {
      const CapabilityLevel needed = pass.least_capability();
      if (needed.level == 0) return true;
      const absl::StatusOr<CapabilityLevel> provided = unit.Provide(needed);
      if (!provided.ok()) return provided.status();
      if (provided->level >= needed.level) return true;
      RemarkIncapable(analyses.remarks(), pass.name(), unit.name(), *provided,
                      needed);
      return false;
    } else {
      return true;
    }
  }

  // The error of `pass`, after which nothing is known of `unit`.
  static absl::Status Failed(const AnyPass<Unit>& pass, Unit& unit,
                             AnalysisManager<Unit>& analyses,
                             const absl::Status& error) {
    analyses.Invalidate(unit, PreservedAnalyses::None());
    return Annotate(error, absl::StrCat("pass ", pass.name()));
  }

  static absl::StatusOr<PreservedAnalyses> RunPass(
      const AnyPass<Unit>& pass, Unit& unit, AnalysisManager<Unit>& analyses,
      const Observers& observers) {
    const absl::string_view name = pass.name();
    bool run = true;
    Tell(observers, [&](auto& o) { run &= o.ShouldRun(name, unit); });
    if (run) {
      const absl::StatusOr<bool> capable = IsCapable(pass, unit, analyses);
      if (!capable.ok()) return Failed(pass, unit, analyses, capable.status());
      run = *capable;
    }
    if (!run) {
      Tell(observers, [&](auto& o) { o.SkippedPass(name, unit); });
      return PreservedAnalyses::All();
    }
    Tell(observers, [&](auto& o) { o.BeforePass(name, unit); });
    absl::StatusOr<PreservedAnalyses> preserved = pass.Run(unit, analyses);
    if (!preserved.ok()) {
      Tell(observers,
           [&](auto& o) { o.PassFailed(name, unit, preserved.status()); });
      return Failed(pass, unit, analyses, preserved.status());
    }
    analyses.Invalidate(unit, *preserved);
    Tell(observers, [&](auto& o) { o.AfterPass(name, unit, *preserved); });
    absl::Status fault;
    Tell(observers,
         [&](auto& o) { fault.Update(o.CheckAfterPass(name, unit)); });
    if (!fault.ok()) return Failed(pass, unit, analyses, fault);
    return preserved;
  }

  // Errors name the passes inside.
  static absl::StatusOr<PreservedAnalyses> RunAdaptor(
      const AnyPass<Unit>& pass, Unit& unit, AnalysisManager<Unit>& analyses,
      const Observers& observers) {
    Tell(observers, [&](auto& o) { o.EnterAdaptor(pass.name(), unit); });
    absl::StatusOr<PreservedAnalyses> preserved = pass.Run(unit, analyses);
    analyses.Invalidate(
        unit, preserved.ok() ? *preserved : PreservedAnalyses::None());
    Tell(observers, [&](auto& o) { o.LeaveAdaptor(pass.name(), unit); });
    return preserved;
  }

  std::vector<AnyPass<Unit>> passes_;
  PassObserver<Unit>* observer_ = nullptr;
};

}  // namespace relink

#endif  // RELINK_PASS_PASS_MANAGER_H_
