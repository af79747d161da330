// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/status_macros.h"

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

absl::StatusOr<int> Half(int value) {
  if (value % 2 != 0) return absl::InvalidArgumentError("odd");
  return value / 2;
}
absl::StatusOr<int> Quarter(int value) {
  ASSIGN_OR_RETURN(const int half, Half(value));
  ASSIGN_OR_RETURN(const int quarter, Half(half));
  return quarter;
}
absl::Status CheckEven(int value) {
  RETURN_IF_ERROR(Half(value).status());
  return absl::OkStatus();
}
absl::StatusOr<std::unique_ptr<int>> Box(std::unique_ptr<int> value) {
  ASSIGN_OR_RETURN(std::unique_ptr<int> box,
                   absl::StatusOr<std::unique_ptr<int>>(std::move(value)));
  return box;
}

TEST(AssignOrReturn, PassesValuesOn) { EXPECT_EQ(*Quarter(12), 3); }

TEST(AssignOrReturn, ReturnsTheFirstError) {
  EXPECT_EQ(Quarter(6).status().message(), "odd");
}

TEST(AssignOrReturn, MovesItsValue) {
  EXPECT_EQ(**Box(std::make_unique<int>(3)), 3);
}

TEST(ReturnIfError, ReturnsOnlyErrors) {
  EXPECT_TRUE(CheckEven(2).ok());
  EXPECT_EQ(CheckEven(3).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace relink
