// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/counters.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace relink {

void Counters::Add(absl::string_view pass, absl::string_view name,
                   uint64_t value) {
  auto behind_pass = counters_.end();
  for (auto it = counters_.begin(); it != counters_.end(); ++it) {
    if (it->pass != pass) continue;
    if (it->name == name) {
      it->value += value;
      return;
    }
    behind_pass = it + 1;
  }
  counters_.insert(behind_pass, {std::string(pass), std::string(name), value});
}

uint64_t Counters::Value(absl::string_view pass, absl::string_view name) const {
  const auto found = std::ranges::find_if(counters_, [&](const Counter& c) {
    return c.pass == pass && c.name == name;
  });
  return found == counters_.end() ? 0 : found->value;
}

std::string Counters::Table() const {
  size_t digits = 0, width = 0;
  for (const Counter& counter : counters_) {
    digits = std::max(digits, absl::StrCat(counter.value).size());
    width = std::max(width, counter.pass.size());
  }
  std::string table;
  for (const Counter& counter : counters_) {
    absl::StrAppendFormat(&table, "%*d  %-*s  %s\n", static_cast<int>(digits),
                          counter.value, static_cast<int>(width), counter.pass,
                          counter.name);
  }
  return table;
}

}  // namespace relink
