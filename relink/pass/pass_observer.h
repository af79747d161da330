// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_OBSERVER_H_
#define RELINK_PASS_PASS_OBSERVER_H_

#include "absl/strings/string_view.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Told of every pass over a unit; cannot change it. Does nothing by default.
template <typename Unit>
class PassObserver {
 public:
  virtual ~PassObserver() = default;
  virtual void BeforePass(absl::string_view /*name*/, const Unit& /*unit*/) {}
  // Not called for a pass that failed.
  virtual void AfterPass(absl::string_view /*name*/, const Unit& /*unit*/,
                         const PreservedAnalyses& /*preserved*/) {}
};

}  // namespace relink

#endif  // RELINK_PASS_PASS_OBSERVER_H_
