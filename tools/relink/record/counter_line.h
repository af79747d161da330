// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RECORD_COUNTER_LINE_H_
#define RELINK_TOOLS_RELINK_RECORD_COUNTER_LINE_H_

#include <chrono>
#include <string>

#include "profiles/perf/perf_session.h"

namespace relink::tools {

// "12 samples of 3 modules, 0 lost".
std::string CounterText(const profiles::PerfProgress& progress);

// That, in place, on standard error, if it is a terminal.
class CounterLine {
 public:
  CounterLine();
  CounterLine(const CounterLine&) = delete;
  CounterLine& operator=(const CounterLine&) = delete;
  ~CounterLine();

  // As often as one likes.
  void Show(const profiles::PerfProgress& progress);

 private:
  using Clock = std::chrono::steady_clock;

  bool watched_;
  bool shown_ = false;
  Clock::time_point last_ = Clock::now();
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RECORD_COUNTER_LINE_H_
