// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/describe_failure.h"
#include "relink/support/status.h"

namespace relink {

absl::Status DescribeFailure(const FailedRelocation& /*failed*/,
                             const ApplyFailure& failure,
                             const absl::Status& stop) {
  return DescribeFailure(failure, stop);
}

absl::Status DescribeFailure(const ApplyFailure& failure,
                             const absl::Status& stop) {
  if (failure.what == nullptr) return stop;
  return absl::Status(ToStatus({failure.code, "", 0}, "").code(), failure.what);
}

std::string DescribeUndefined(std::span<const std::string> /*names*/) {
  return "undefined symbols";
}

}  // namespace relink
