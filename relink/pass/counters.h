// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_COUNTERS_H_
#define RELINK_PASS_COUNTERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relink {

// Named numbers that passes add to: how many functions were moved, how many
// bytes were saved. Not thread-safe: a pass with threads adds their sum.
class Counters {
 public:
  struct Counter {
    std::string pass;
    std::string name;  // What is counted, in a few words.
    uint64_t value = 0;
  };

  // Makes it if there is none, even if `value` is 0.
  void Add(absl::string_view pass, absl::string_view name, uint64_t value = 1);

  // 0 if there is none.
  uint64_t Value(absl::string_view pass, absl::string_view name) const;

  // In the order in which they were made, those of a pass together.
  const std::vector<Counter>& all() const { return counters_; }

  // A line for each: value, pass, name. Empty if there are none.
  std::string Table() const;

 private:
  std::vector<Counter> counters_;
};

}  // namespace relink

#endif  // RELINK_PASS_COUNTERS_H_
