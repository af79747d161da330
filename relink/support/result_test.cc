// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/result.h"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr Error kError{ErrorCode::kMalformed, "not a number", 7};

Result<int> Half(int value) {
  if (value % 2 != 0) return kError;
  return value / 2;
}
Result<int> Quarter(int value) {
  RELINK_TRY_ASSIGN(const int half, Half(value));
  RELINK_TRY_ASSIGN(int quarter, Half(half));
  return quarter;
}
Result<void> CheckEven(int value) {
  RELINK_TRY(Half(value));
  return {};
}

// Counts its living instances, to see that Result destroys what it holds.
struct Counted {
  explicit Counted(int* counter) : count(counter) { ++*count; }
  Counted(Counted&& other) noexcept : count(other.count) { ++*count; }
  ~Counted() { --*count; }
  int* count;
};

TEST(Error, IsTriviallyCopyable) {
  EXPECT_TRUE(std::is_trivially_copyable_v<Error>);
}

TEST(Result, HoldsAValue) {
  Result<int> result = 3;
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_EQ(*result, 3);
}

TEST(Result, HoldsAnError) {
  Result<int> result = kError;
  ASSERT_FALSE(result.ok());
  EXPECT_FALSE(static_cast<bool>(result));
  EXPECT_EQ(result.error().code, ErrorCode::kMalformed);
  EXPECT_EQ(result.error().offset, 7u);
}

TEST(Result, MovesAMoveOnlyValueOut) {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(4);
  std::unique_ptr<int> value = *std::move(result);
  EXPECT_EQ(*value, 4);
}

TEST(Result, ReachesMembersOfItsValue) {
  Result<std::string> result = std::string("four");
  EXPECT_EQ(result->size(), 4u);
}

TEST(Result, DestroysItsValueOnce) {
  int count = 0;
  {
    Result<Counted> first = Counted(&count);
    Result<Counted> second = std::move(first);
    EXPECT_EQ(count, 2);
  }
  EXPECT_EQ(count, 0);
}

TEST(Result, MovesAnErrorAlong) {
  Result<std::string> first = kError;
  Result<std::string> second = std::move(first);
  ASSERT_FALSE(second.ok());
  EXPECT_STREQ(second.error().what, "not a number");
}

TEST(Result, CannotBeCopied) {
  EXPECT_FALSE((std::is_copy_constructible_v<Result<int>>));
}

TEST(ResultOfVoid, IsOkByDefault) { EXPECT_TRUE(Result<void>().ok()); }

TEST(ResultOfVoid, HoldsAnError) {
  Result<void> result = kError;
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, ErrorCode::kMalformed);
}

TEST(TryAssign, PassesValuesOnAndReturnsTheFirstError) {
  EXPECT_EQ(*Quarter(12), 3);
  EXPECT_FALSE(Quarter(6).ok());
  EXPECT_FALSE(Quarter(3).ok());
}

TEST(Try, ReturnsTheErrorOnly) {
  EXPECT_TRUE(CheckEven(2).ok());
  EXPECT_EQ(CheckEven(1).error().offset, 7u);
}

}  // namespace
}  // namespace relink
