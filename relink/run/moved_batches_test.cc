// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/moved_batches.h"

#include <atomic>
#include <thread>

#include "gtest/gtest.h"

namespace relink {
namespace {

MovedFunctions Move(uint64_t from, uint64_t to) {
  return MovedFunctions({{{RuntimeAddr(from), 0x10}, RuntimeAddr(to)}},
                        {{{RuntimeAddr(to), 0x10}, RuntimeAddr(to + 0x100)}},
                        {{{RuntimeAddr(from), 0x10}, RuntimeAddr(from + 8)}});
}

TEST(MovedBatches, AnswersForAllThatWasAdded) {
  MovedBatches batches;
  batches.Add(Move(0x1000, 0x9000), {});
  batches.Add(Move(0x2000, 0x8000), {});
  EXPECT_EQ(batches.NewAddress(0x1001), 0x9001u);
  EXPECT_EQ(batches.NewAddress(0x2001), 0x8001u);
  EXPECT_EQ(batches.OldAddress(0x8002), 0x2002u);
  EXPECT_EQ(batches.FindReturnWay(0x8002), 0x2008u);
  MovedFunctions::Unwind unwind;
  EXPECT_TRUE(batches.FindUnwind(0x9004, &unwind));
  EXPECT_EQ(unwind.header, RuntimeAddr(0x9100));
  EXPECT_FALSE(batches.FindUnwind(0x1000, &unwind));
}

TEST(MovedBatches, ForgetsWhatIsGone) {
  MovedBatches batches;
  batches.Add(Move(0x1000, 0x9000), {});
  batches.Add(Move(0x2000, 0x8000), {});
  batches.Remove({RuntimeAddr(0x2000), 0x1000});
  EXPECT_EQ(batches.NewAddress(0x2001), 0x2001u);
  EXPECT_EQ(batches.NewAddress(0x1001), 0x9001u);
}

TEST(MovedBatches, AnswersWhileOthersComeAndGo) {
  MovedBatches batches;
  batches.Add(Move(0x1000, 0x9000), {});
  std::atomic<bool> done = false;
  std::thread reader([&] {
    while (!done) ASSERT_EQ(batches.NewAddress(0x1004), 0x9004u);
  });
  for (int i = 0; i < 1000; ++i) {
    batches.Add(Move(0x2000, 0x8000), {});
    batches.Remove({RuntimeAddr(0x2000), 0x1000});
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace relink
