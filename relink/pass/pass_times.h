// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_TIMES_H_
#define RELINK_PASS_PASS_TIMES_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relink {

// How long passes took, each without those that ran inside of it. Is told the
// time, and does not look at a clock.
class PassTimes {
 public:
  using Clock = std::chrono::steady_clock;

  struct Row {
    std::string pass = {};
    size_t runs = 0;
    Clock::duration time = {};
  };

  void Begin(absl::string_view pass, Clock::time_point now);
  // Of the pass that began last and has not ended.
  void End(Clock::time_point now);

  // One for each name, in the order in which they began first.
  const std::vector<Row>& rows() const { return rows_; }

  // A heading and a line for each row, the longest time first. Empty if there
  // are none.
  std::string Table() const;

 private:
  struct Running {
    size_t row;
    Clock::time_point resumed;
  };

  std::vector<Row> rows_;
  std::vector<Running> running_;
};

}  // namespace relink

#endif  // RELINK_PASS_PASS_TIMES_H_
