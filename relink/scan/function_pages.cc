// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/function_pages.h"

namespace relink {

FunctionPages::FunctionPages(std::span<const Function> functions) {
  if (functions.empty()) return;
  constexpr int kShift = PageSet::kShift;
  begin_ = functions.front().range.begin.value() >> kShift << kShift;
  const uint64_t end = functions.back().range.end().value();
  words_.resize(((end - begin_) >> kShift) / 64 + 1);
  for (const Function& function : functions) {
    const uint64_t begin = function.range.begin.value() - begin_;
    const uint64_t last = begin + function.range.size - 1;
    for (uint64_t page = begin >> kShift; page <= last >> kShift; ++page) {
      words_[page / 64] |= uint64_t{1} << page % 64;
    }
  }
}

}  // namespace relink
