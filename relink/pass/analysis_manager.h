// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_ANALYSIS_MANAGER_H_
#define RELINK_PASS_ANALYSIS_MANAGER_H_

#include <algorithm>
#include <concepts>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/preserved_analyses.h"
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
  AnalysisManager() = default;
  AnalysisManager(const AnalysisManager&) = delete;
  AnalysisManager& operator=(const AnalysisManager&) = delete;

  // What `A` says of `unit`; valid until it is invalidated. A failure is not
  // kept: who asks again runs the analysis again. Internal: the analysis
  // depends on its own result.
  template <AnalysisOf<Unit> A>
  absl::StatusOr<const typename A::Result*> Get(const Unit& unit) {
    using Result = typename A::Result;
    const Slot slot(&unit, &kAnalysisKey<A>);
    auto found = kept_.find(slot);
    if (found == kept_.end()) {
      if (std::ranges::find(running_, slot) != running_.end()) {
        return absl::InternalError(
            absl::StrCat("analysis ", A::kName, ": depends on itself"));
      }
      running_.push_back(slot);
      absl::StatusOr<Result> result = A().Run(unit, *this);
      running_.pop_back();
      if (!result.ok()) {
        return Annotate(result.status(), absl::StrCat("analysis ", A::kName));
      }
      auto owned = std::make_shared<const Result>(*std::move(result));
      found = kept_.emplace(slot, Kept{std::move(owned), {}}).first;
    }
    if (!running_.empty()) found->second.users.insert(running_.back());
    return static_cast<const Result*>(found->second.result.get());
  }

  // Drops the results about `unit` that are not preserved, and those that were
  // computed from them, which may point into them. Not for analyses to call.
  void Invalidate(const Unit& unit, const PreservedAnalyses& preserved) {
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

 private:
  using Slot = std::pair<const Unit*, const AnalysisKey*>;
  struct Kept {
    std::shared_ptr<const void> result;  // An A::Result.
    std::set<Slot> users;                // Computed from it.
  };

  std::map<Slot, Kept> kept_;
  std::vector<Slot> running_;  // Each was asked for by the one before it.
};

}  // namespace relink

#endif  // RELINK_PASS_ANALYSIS_MANAGER_H_
