// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/placed/relax.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passes/placed/placed_code.h"

namespace relink {
namespace {

using testing::ElementsAre;
using RelaxOf = PlacedCode;

TEST_F(RelaxOf, ComputesAnAddressInsteadOfLoadingIt) {
  SetCode({0x48, 0x8b, 0x05}, got_, kPc32);  // mov slot(%rip), %rax
  Place(kNear);
  Run(Relax());
  EXPECT_EQ(Target(), kNear);
  EXPECT_THAT(Opcode(), ElementsAre(0x48, 0x8d, 0x05));  // lea
}

TEST_F(RelaxOf, KeepsTheRegister) {
  SetCode({0x4c, 0x8b, 0x3d}, got_, kPc32);  // mov slot(%rip), %r15
  Place(kNear);
  Run(Relax());
  EXPECT_THAT(Opcode(), ElementsAre(0x4c, 0x8d, 0x3d));
}

TEST_F(RelaxOf, LeavesWhatIsOutOfReach) {
  SetCode({0x48, 0x8b, 0x05}, got_, kPc32);
  Place(kFar);
  Run(Relax());
  EXPECT_THAT(Opcode(), ElementsAre(0x48, 0x8b, 0x05));
}

TEST_F(RelaxOf, LeavesOffsetsOfThreadLocalVariables) {
  SetCode({0x48, 0x8b, 0x05}, got_, kPc32);
  Place(uint64_t{0} - 0x40);
  Run(Relax());
  EXPECT_EQ(Target(), 0u);
}

TEST_F(RelaxOf, LeavesLoadsOfHalfAWord) {
  SetCode({0x8b, 0x05}, got_, kPc32);  // mov slot(%rip), %eax
  Place(kNear);
  Run(Relax());
  EXPECT_EQ(Target(), 0u);
}

TEST_F(RelaxOf, LeavesWhatIsNoSlot) {
  SetCode({0x48, 0x8b, 0x05}, plt_, kPc32);
  Place(kNear);
  Run(Relax());
  EXPECT_EQ(Target(), 0u);
}

TEST_F(RelaxOf, LeavesWhatOnlyAnIfuncResolverKnows) {
  SetCode({0x48, 0x8b, 0x05}, got_, kPc32);
  Place(kNear);
  placed_->MarkPending(placed_->Bytes(got_).data());
  Run(Relax());
  EXPECT_EQ(Target(), 0u);
}

}  // namespace
}  // namespace relink
