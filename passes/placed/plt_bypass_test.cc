// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/placed/plt_bypass.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passes/placed/placed_code.h"

namespace relink {
namespace {

using testing::ElementsAre;
using PltBypassOf = PlacedCode;

TEST_F(PltBypassOf, CallsDirectlyWhatALinkageTableEntryLeadsTo) {
  SetCode({0xe8}, plt_, kPlt32);
  Place(kNear);
  Run(PltBypass());
  EXPECT_EQ(Target(), kNear);
  EXPECT_THAT(Opcode(), ElementsAre(0xe8));
}

TEST_F(PltBypassOf, JumpsConditionallyToo) {
  SetCode({0x0f, 0x84}, plt_, kPlt32);
  Place(kNear);
  Run(PltBypass());
  EXPECT_EQ(Target(), kNear);
}

TEST_F(PltBypassOf, MakesCallsThroughASlotDirect) {
  SetCode({0xff, 0x15}, got_, kPc32);
  Place(kNear);
  Run(PltBypass());
  EXPECT_EQ(Target(), kNear);
  EXPECT_THAT(Opcode(), ElementsAre(0x67, 0xe8));  // addr32 call
}

TEST_F(PltBypassOf, MakesJumpsThroughASlotDirect) {
  SetCode({0xff, 0x25}, got_, kPc32);
  Place(kNear);
  Run(PltBypass());
  EXPECT_EQ(Target(), kNear);
  EXPECT_THAT(Opcode(), ElementsAre(0x67, 0xe9));  // addr32 jmp
}

TEST_F(PltBypassOf, LeavesWhatIsOutOfReach) {
  SetCode({0xff, 0x15}, got_, kPc32);
  Place(kFar);
  Run(PltBypass());
  EXPECT_EQ(Target(), 0u);
  EXPECT_THAT(Opcode(), ElementsAre(0xff, 0x15));
}

TEST_F(PltBypassOf, LeavesWhatOnlyAnIfuncResolverKnows) {
  SetCode({0xe8}, plt_, kPlt32);
  Place(kNear);
  placed_->MarkPending(placed_->Bytes(got_).data());
  Run(PltBypass());
  EXPECT_EQ(Target(), 0u);
}

TEST_F(PltBypassOf, LeavesAnUndefinedWeakFunction) {
  SetCode({0xff, 0x15}, got_, kPc32);
  Place(0);
  Run(PltBypass());
  EXPECT_EQ(Target(), 0u);
}

TEST_F(PltBypassOf, LeavesLoads) {
  SetCode({0x48, 0x8b, 0x05}, got_, kPc32);
  Place(kNear);
  Run(PltBypass());
  EXPECT_EQ(Target(), 0u);
}

}  // namespace
}  // namespace relink
