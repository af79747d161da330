// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_FUNCTION_PAGES_H_
#define RELINK_SCAN_FUNCTION_PAGES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "relink/arch/possible_reference.h"
#include "relink/ir/function.h"

namespace relink {

// The pages that functions have a byte on: most addresses that may be in one of
// few functions are not.
class FunctionPages {
 public:
  FunctionPages() = default;
  // `functions` ascend; none is empty.
  explicit FunctionPages(std::span<const Function> functions);

  // Valid for as long as this is.
  PageSet set() const { return {begin_, words_}; }
  bool Has(LinkAddr address) const { return set().Has(address.value()); }

 private:
  uint64_t begin_ = 0;
  std::vector<uint64_t> words_;
};

}  // namespace relink

#endif  // RELINK_SCAN_FUNCTION_PAGES_H_
