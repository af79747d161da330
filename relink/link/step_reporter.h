// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_STEP_REPORTER_H_
#define RELINK_LINK_STEP_REPORTER_H_

#include "relink/link/observer.h"

namespace relink {

// Tells the observer of the steps of one load; each ends where the next begins.
class StepReporter {
 public:
  explicit StepReporter(Observer* observer) : observer_(observer) {}
  void Begin(LoadStep step) {
    if (observer_ == nullptr) return;
    End();
    step_ = step;
    running_ = true;
    observer_->OnStepBegin(step);
  }
  void End() {
    if (running_) observer_->OnStepEnd(step_);
    running_ = false;
  }

 private:
  Observer* observer_;
  LoadStep step_ = LoadStep::kScan;
  bool running_ = false;
};

}  // namespace relink

#endif  // RELINK_LINK_STEP_REPORTER_H_
