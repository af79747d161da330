// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PRESERVED_ANALYSES_H_
#define RELINK_PASS_PRESERVED_ANALYSES_H_

#include <set>

#include "absl/strings/string_view.h"

namespace relink {

// Tells analyses apart: there is one key for each type, known by its address.
struct AnalysisKey {
  absl::string_view name;  // For messages.
};

template <typename Analysis>
inline constexpr AnalysisKey kAnalysisKey = {Analysis::kName};

// What a pass says of the analyses it leaves true:
//
//   return PreservedAnalyses::None().Preserve<CallGraph>();
//
// A pass that is in doubt says None.
class PreservedAnalyses {
 public:
  static PreservedAnalyses None() { return PreservedAnalyses(false); }
  // The pass changed nothing that any analysis looks at.
  static PreservedAnalyses All() { return PreservedAnalyses(true); }

  template <typename Analysis>
  PreservedAnalyses& Preserve() {
    return Preserve(kAnalysisKey<Analysis>);
  }
  // `key` must outlive what is said here.
  PreservedAnalyses& Preserve(const AnalysisKey& key) {
    if (!all_) keys_.insert(&key);
    return *this;
  }

  template <typename Analysis>
  bool Preserves() const {
    return Preserves(kAnalysisKey<Analysis>);
  }
  bool Preserves(const AnalysisKey& key) const {
    return all_ || keys_.contains(&key);
  }

  // Leaves what `other` preserves as well: what two passes in turn do.
  void Intersect(const PreservedAnalyses& other) {
    if (all_) {
      *this = other;
      return;
    }
    std::erase_if(
        keys_, [&](const AnalysisKey* key) { return !other.Preserves(*key); });
  }

 private:
  explicit PreservedAnalyses(bool all) : all_(all) {}

  bool all_;
  std::set<const AnalysisKey*> keys_;  // Empty if `all_`.
};

}  // namespace relink

#endif  // RELINK_PASS_PRESERVED_ANALYSES_H_
