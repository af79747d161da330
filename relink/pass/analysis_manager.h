// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_ANALYSIS_MANAGER_H_
#define RELINK_PASS_ANALYSIS_MANAGER_H_

#include <algorithm>
#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/counters.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/preserved_analyses.h"
#include "relink/pass/remark.h"
#include "relink/support/status.h"

namespace relink {

template <typename Unit>
class AnalysisManager;

// Computes something about a unit without changing it, and may ask for the
// results of other analyses on the way. Any type of this shape is one:
//
//   struct CallGraph {
//     static constexpr absl::string_view kName = "call-graph";
//     using Result = ...;
//     absl::StatusOr<Result> Run(const LinkGraph& graph,
//                                AnalysisManager<LinkGraph>& analyses);
//   };
template <typename A, typename Unit>
concept AnalysisOf = std::default_initializable<A> &&
    requires(A analysis, const Unit& unit, AnalysisManager<Unit>& analyses) {
  typename A::Result;
  { A::kName } -> std::convertible_to<absl::string_view>;
  {
    analysis.Run(unit, analyses)
    } -> std::same_as<absl::StatusOr<typename A::Result>>;
};

// Runs analyses when they are asked for, and keeps their results until a pass
// changes what they are about. A unit must stay where it is while there are
// results of it. Not thread-safe.
template <typename Unit>
class AnalysisManager {
 public:
  // With a context of its own, which nobody reads.
  AnalysisManager() : context_(&own_context_) {}
  // `context` must outlive the manager.
  explicit AnalysisManager(PassContext& context) : context_(&context) {}
  AnalysisManager(const AnalysisManager&) = delete;
  AnalysisManager& operator=(const AnalysisManager&) = delete;

  // What this run's passes share; by default nobody reads remarks.
  PassContext& context() { return *context_; }
  RemarkSink& remarks() { return context_->remarks(); }
  Counters& counters() { return context_->counters(); }

  // What `A` says of `unit`; valid until it is invalidated. A failure is not
  // kept: who asks again runs the analysis again. Internal: the analysis
  // depends on its own result.
  template <AnalysisOf<Unit> A>
  absl::StatusOr<const typename A::Result*> Get(const Unit& unit) {
    using Result = typename A::Result;
    const absl::StatusOr<const void*> result =
        Get(kAnalysisKey<A>, unit, [&]() -> ComputedResult {
          absl::StatusOr<Result> computed = A().Run(unit, *this);
          if (!computed.ok()) return computed.status();
          return std::make_shared<const Result>(*std::move(computed));
        });
    if (!result.ok()) return result.status();
    return static_cast<const Result*>(*result);
  }

  // The same for an analysis whose type is not known when this is compiled;
  // `key` must outlive its results.
  using ComputedResult = absl::StatusOr<std::shared_ptr<const void>>;
  absl::StatusOr<const void*> Get(const AnalysisKey& key, const Unit& unit,
                                  absl::FunctionRef<ComputedResult()> compute) {
    const Slot slot(&unit, &key);
    auto found = kept_.find(slot);
    if (found == kept_.end()) {
      if (std::ranges::find(running_, slot) != running_.end()) {
        return absl::InternalError(
            absl::StrCat("analysis ", key.name, ": depends on itself"));
      }
      running_.push_back(slot);
      ComputedResult result = compute();
      running_.pop_back();
      if (!result.ok()) {
        return Annotate(result.status(), absl::StrCat("analysis ", key.name));
      }
      found = kept_.emplace(slot, Kept{*std::move(result), {}}).first;
    }
    if (!running_.empty()) found->second.users.insert(running_.back());
    return found->second.result.get();
  }

  // Drops the results about `unit` that are not preserved, and those that were
  // computed from them, which may point into them. Not for analyses to call.
  void Invalidate(const Unit& unit, const PreservedAnalyses& preserved) {
    if (on_invalidate_) on_invalidate_(preserved);
    std::vector<Slot> dropped;
    for (auto it = kept_.lower_bound({&unit, nullptr});
         it != kept_.end() && it->first.first == &unit; ++it) {
      if (!preserved.Preserves(*it->first.second)) dropped.push_back(it->first);
    }
    while (!dropped.empty()) {
      const auto node = kept_.extract(dropped.back());
      dropped.pop_back();
      if (node.empty()) continue;
      const std::set<Slot>& users = node.mapped().users;
      dropped.insert(dropped.end(), users.begin(), users.end());
    }
  }

  // Units here are parts of `whole`: what changes them changes it. Both must
  // outlive this manager.
  template <typename Whole>
  void BelongsTo(const Whole& whole, AnalysisManager<Whole>& analyses) {
    on_invalidate_ = [&](const PreservedAnalyses& preserved) {
      analyses.Invalidate(whole, preserved);
    };
  }

 private:
  using Slot = std::pair<const Unit*, const AnalysisKey*>;
  struct Kept {
    std::shared_ptr<const void> result;  // The analysis' Result.
    std::set<Slot> users;                // Computed from it.
  };

  PassContext own_context_;
  PassContext* context_;
  std::function<void(const PreservedAnalyses&)> on_invalidate_;
  std::map<Slot, Kept> kept_;
  std::vector<Slot> running_;  // Each was asked for by the one before it.
};

}  // namespace relink

#endif  // RELINK_PASS_ANALYSIS_MANAGER_H_
