// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/counter_line.h"

#include <unistd.h>

#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relink::tools {

std::string CounterText(const profiles::PerfProgress& progress) {
  return absl::StrCat(progress.samples, " samples of ", progress.modules,
                      " modules, ", progress.lost, " lost");
}

CounterLine::CounterLine() : watched_(isatty(STDERR_FILENO) != 0) {}

CounterLine::~CounterLine() {
  if (shown_) absl::FPrintF(stderr, "\r\x1b[K");
}

void CounterLine::Show(const profiles::PerfProgress& progress) {
  constexpr auto kInterval = std::chrono::milliseconds(500);
  if (!watched_ || Clock::now() - last_ < kInterval) return;
  last_ = Clock::now();
  shown_ = true;
  absl::FPrintF(stderr, "\r\x1b[Krecording: %s", CounterText(progress));
}

}  // namespace relink::tools
