// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/instrumentation.h"

#include "relink/pass/line_diff.h"

namespace relink {

bool PassInstrumentation::ShouldRun(absl::string_view pass,
                                    absl::string_view where) {
  if (stopped_ || (!where.empty() && stopped_where_ == where)) return false;
  if (!options_.bisect_limit.has_value()) return true;
  const int64_t limit = *options_.bisect_limit;
  const int64_t number = ++bisect_number_;
  const bool run = limit < 0 || number <= limit;
  out_ << "BISECT: " << (run ? "running" : "NOT running") << " pass (" << number
       << ") " << pass << where << '\n';
  return run;
}

void PassInstrumentation::Skipped(absl::string_view pass) { Progress(pass); }

void PassInstrumentation::Begin(absl::string_view pass) {
  Progress(pass);
  ++depth_;
  times_.Begin(pass, PassTimes::Clock::now());
}

void PassInstrumentation::End(absl::string_view pass, absl::string_view where) {
  times_.End(PassTimes::Clock::now());
  --depth_;
  if (pass != options_.stop_after) return;
  if (depth_ == 0) {
    stopped_ = true;
  } else {
    stopped_where_ = std::string(where);
  }
}

void PassInstrumentation::Enter(absl::string_view pass) { Begin(pass); }

void PassInstrumentation::Leave(absl::string_view pass) {
  End(pass, "");
  if (!stopped_where_.empty()) stopped_ = true;
}

void PassInstrumentation::Progress(absl::string_view pass) {
  if (depth_ > 0) return;
  ++pass_index_;
  if (options_.progress) options_.progress({pass_index_, pass_count_, pass});
}

void PassInstrumentation::PrintUnit(absl::string_view when,
                                    absl::string_view pass,
                                    absl::string_view where,
                                    absl::string_view text) {
  out_ << "*** " << when << ' ' << pass << where << " ***\n" << text;
}

void PassInstrumentation::PrintChange(absl::string_view pass,
                                      absl::string_view where,
                                      absl::string_view before,
                                      absl::string_view after) {
  if (before == after) return;
  out_ << "*** changed by " << pass << where << " ***\n"
       << LineDiff(before, after);
}

void PassInstrumentation::Finish() {
  if (options_.time_passes) out_ << times_.Table();
}

}  // namespace relink
