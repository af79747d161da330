// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/lsda.h"

#include <initializer_list>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/image_spec.h"

namespace relink::elf {
namespace {

constexpr LinkAddr kBegin(0x2000);

Result<Lsda> Read(std::initializer_list<unsigned> values) {
  const Bytes bytes = BytesOf(values);
  return ReadLsda<Elf64Le>(ByteView(bytes), kBegin);
}

TEST(LsdaOf, AFunctionHasItsLandingPads) {
  // No @LPStart, @TTBase pcrel indirect sdata4 at + 21, ULEB128 call sites.
  const auto lsda = Read({0xff, 0x9b, 21, 0x01, 13, 5, 5, 0x80,
                          0x01, 1,            // [5, 10) lands at 128.
                          20,   4,    0,  0,  // [20, 24) lands nowhere.
                          30,   2,    40, 0,  // [30, 32) lands at 40.
                          1,    0,    0,  0,    0,  0, 0, 0});
  ASSERT_TRUE(lsda.ok()) << lsda.error().what;
  EXPECT_FALSE(lsda->landing_pad_base.present());
  EXPECT_EQ(lsda->call_sites, (LinkRange{kBegin + 5, 13}));
  EXPECT_EQ(lsda->call_sites_end, 32u);
  EXPECT_EQ(lsda->last_landing_pad, 128u);
}

TEST(LsdaOf, AFunctionListsItsLandingPads) {
  const Bytes bytes = BytesOf({0xff, 0xff, 0x01, 13,  //
                               5, 5, 0x80, 0x01, 1,   //
                               20, 4, 0, 0, 30, 2, 40, 0});
  const auto lsda = ReadLsda<Elf64Le>(ByteView(bytes), kBegin);
  ASSERT_TRUE(lsda.ok()) << lsda.error().what;
  std::vector<uint64_t> pads;
  ForEachLandingPad<Elf64Le>(*lsda, [&](uint64_t pad) { pads.push_back(pad); });
  EXPECT_EQ(pads, (std::vector<uint64_t>{128, 40}));
}

TEST(LsdaOf, AFunctionWithWideCallSitesIsReadToo) {
  const auto lsda =
      Read({0xff, 0xff, 0x03, 13, 4, 0, 0, 0, 8, 0, 0, 0, 0, 1, 0, 0, 0});
  ASSERT_TRUE(lsda.ok()) << lsda.error().what;
  EXPECT_EQ(lsda->call_sites_end, 12u);
  EXPECT_EQ(lsda->last_landing_pad, 256u);
}

TEST(LsdaOf, AFunctionMayCountLandingPadsFromElsewhere) {
  const auto lsda = Read({0x1b, 0xff, 0x0f, 0, 0, 0xff, 0x01, 0});
  ASSERT_TRUE(lsda.ok()) << lsda.error().what;
  EXPECT_TRUE(lsda->landing_pad_base.present());
  EXPECT_EQ(lsda->landing_pad_base.target, kBegin + 1 + 0x0fff);
  EXPECT_EQ(lsda->last_landing_pad, 0u);
}

TEST(LsdaOf, AnotherFormatIsRefused) {
  EXPECT_EQ(Read({0x50, 0, 0xff, 0x01, 0}).error().code,
            ErrorCode::kUnsupported);
  EXPECT_EQ(Read({0xff, 0xff, 0x0b, 0}).error().code, ErrorCode::kUnsupported);
}

TEST(LsdaOf, AFunctionThatIsCutOffIsRefused) {
  EXPECT_EQ(Read({}).error().code, ErrorCode::kOutOfRange);
  EXPECT_EQ(Read({0xff, 0xff, 0x01, 4, 1, 1, 1}).error().code,
            ErrorCode::kOutOfRange);
  EXPECT_EQ(Read({0xff, 0xff, 0x01, 3, 1, 1, 1}).error().code,
            ErrorCode::kMalformed);
}

}  // namespace
}  // namespace relink::elf
