// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_OBSERVER_H_
#define RELINK_PASS_PASS_OBSERVER_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/pass/preserved_analyses.h"

namespace relink {

// Told of every pass over a unit; cannot change it, but may skip a pass or find
// fault with what it did. Does nothing by default.
template <typename Unit>
class PassObserver {
 public:
  virtual ~PassObserver() = default;

  // Asked before every pass; a pass that is not to run is skipped, as if it
  // were not there.
  virtual bool ShouldRun(absl::string_view /*name*/, const Unit& /*unit*/) {
    return true;
  }
  virtual void SkippedPass(absl::string_view /*name*/, const Unit& /*unit*/) {}

  virtual void BeforePass(absl::string_view /*name*/, const Unit& /*unit*/) {}
  // Not called for a pass that failed.
  virtual void AfterPass(absl::string_view /*name*/, const Unit& /*unit*/,
                         const PreservedAnalyses& /*preserved*/) {}
  virtual void PassFailed(absl::string_view /*name*/, const Unit& /*unit*/,
                          const absl::Status& /*error*/) {}

  // Asked after AfterPass. An error is the pass's.
  virtual absl::Status CheckAfterPass(absl::string_view /*name*/,
                                      const Unit& /*unit*/) {
    return absl::OkStatus();
  }

  // Told of passes that only run others over the parts of a unit, instead of
  // all of the above. LeaveAdaptor comes even if one of those failed.
  virtual void EnterAdaptor(absl::string_view /*name*/, const Unit& /*unit*/) {}
  virtual void LeaveAdaptor(absl::string_view /*name*/, const Unit& /*unit*/) {}
};

}  // namespace relink

#endif  // RELINK_PASS_PASS_OBSERVER_H_
