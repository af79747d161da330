// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pass_times.h"

#include <algorithm>
#include <cassert>

#include "absl/strings/str_format.h"

namespace relink {

void PassTimes::Begin(absl::string_view pass, Clock::time_point now) {
  if (!running_.empty()) {
    rows_[running_.back().row].time += now - running_.back().resumed;
  }
  const size_t row = std::ranges::find(rows_, pass, &Row::pass) - rows_.begin();
  if (row == rows_.size()) rows_.push_back({std::string(pass)});
  ++rows_[row].runs;
  running_.push_back({row, now});
}

void PassTimes::End(Clock::time_point now) {
  assert(!running_.empty());
  rows_[running_.back().row].time += now - running_.back().resumed;
  running_.pop_back();
  if (!running_.empty()) running_.back().resumed = now;
}

std::string PassTimes::Table() const {
  if (rows_.empty()) return "";
  using Milliseconds = std::chrono::duration<double, std::milli>;
  double total = 0;
  for (const Row& row : rows_) total += Milliseconds(row.time).count();
  std::vector<Row> sorted = rows_;
  std::ranges::stable_sort(sorted, std::ranges::greater(), &Row::time);
  std::string table =
      absl::StrFormat("%12s %6s %6s  %s\n", "time", "%", "runs", "pass");
  for (const Row& row : sorted) {
    const double milliseconds = Milliseconds(row.time).count();
    const double percent = total > 0 ? 100 * milliseconds / total : 0;
    absl::StrAppendFormat(&table, "%9.3f ms %6.1f %6d  %s\n", milliseconds,
                          percent, row.runs, row.pass);
  }
  absl::StrAppendFormat(&table, "%9.3f ms  together\n", total);
  return table;
}

}  // namespace relink
