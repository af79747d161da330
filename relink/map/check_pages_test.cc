// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/check_pages.h"

#include <cstdint>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;

TEST(CheckRequest, AcceptsWholeAlignedPages) {
  EXPECT_TRUE(CheckRequest({.size = kPage, .alignment = kPage}, kPage).ok());
  EXPECT_TRUE(CheckRequest({.size = kPage,
                            .alignment = 4 * kPage,
                            .address = RuntimeAddr(8 * kPage),
                            .fixed = true},
                           kPage)
                  .ok());
}

TEST(CheckRequest, RefusesWhatIsNotWholePages) {
  for (uint64_t size : {uint64_t{0}, kPage + 1, kPage / 2}) {
    Result<void> checked =
        CheckRequest({.size = size, .alignment = kPage}, kPage);
    ASSERT_FALSE(checked.ok()) << size;
    EXPECT_EQ(checked.error().code, ErrorCode::kInternal);
    EXPECT_EQ(checked.error().offset, size);
  }
}

TEST(CheckRequest, RefusesAnAlignmentThatIsNoPowerOfTwoOrBelowAPage) {
  for (uint64_t alignment : {uint64_t{0}, uint64_t{16}, 3 * kPage}) {
    EXPECT_FALSE(
        CheckRequest({.size = kPage, .alignment = alignment}, kPage).ok())
        << alignment;
  }
}

TEST(CheckRequest, RefusesAnUnalignedFixedAddressButTakesItAsAHint) {
  MappingBackend::Request request{.size = kPage,
                                  .alignment = 2 * kPage,
                                  .address = RuntimeAddr(3 * kPage),
                                  .fixed = true};
  EXPECT_FALSE(CheckRequest(request, kPage).ok());
  request.fixed = false;
  EXPECT_TRUE(CheckRequest(request, kPage).ok());
}

TEST(CheckRequest, CallsSizesPastTheAddressSpaceExhausted) {
  uint64_t top = UINT64_MAX - kPage + 1;
  Result<void> anywhere =
      CheckRequest({.size = top, .alignment = kPage}, kPage);
  ASSERT_FALSE(anywhere.ok());
  EXPECT_EQ(anywhere.error().code, ErrorCode::kExhausted);
  Result<void> fixed = CheckRequest({.size = 2 * kPage,
                                     .alignment = kPage,
                                     .address = RuntimeAddr(top),
                                     .fixed = true},
                                    kPage);
  ASSERT_FALSE(fixed.ok());
  EXPECT_EQ(fixed.error().code, ErrorCode::kExhausted);
}

TEST(CheckPages, RefusesEmptyUnalignedAndWrappingRanges) {
  EXPECT_TRUE(CheckPages({RuntimeAddr(kPage), kPage}, kPage).ok());
  EXPECT_FALSE(CheckPages({RuntimeAddr(kPage), 0}, kPage).ok());
  EXPECT_FALSE(CheckPages({RuntimeAddr(kPage), 1}, kPage).ok());
  EXPECT_FALSE(CheckPages({RuntimeAddr(1), kPage}, kPage).ok());
  EXPECT_FALSE(
      CheckPages({RuntimeAddr(UINT64_MAX - kPage + 1), 2 * kPage}, kPage).ok());
}

TEST(CheckFilePages, RefusesUnalignedAndWrappingOffsets) {
  RuntimeRange pages{RuntimeAddr(kPage), 2 * kPage};
  EXPECT_TRUE(CheckFilePages(pages, FileOffset(kPage), kPage).ok());
  EXPECT_FALSE(CheckFilePages(pages, FileOffset(1), kPage).ok());
  EXPECT_FALSE(
      CheckFilePages(pages, FileOffset(UINT64_MAX - kPage + 1), kPage).ok());
}

}  // namespace
}  // namespace relink
