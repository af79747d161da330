// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/planning_heap.h"

#include <unistd.h>

#include <cstddef>
#include <fstream>
#include <memory>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr size_t kBlock = size_t{1} << 16;
constexpr size_t kBlocks = 512;

// Resident memory, in bytes.
size_t Resident() {
  std::ifstream statm("/proc/self/statm");
  size_t all = 0;
  size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

std::vector<std::unique_ptr<char[]>> Blocks() {
  std::vector<std::unique_ptr<char[]>> blocks;
  for (size_t i = 0; i < kBlocks; ++i) {
    blocks.push_back(std::make_unique<char[]>(kBlock));
    blocks.back()[i] = 'x';
  }
  return blocks;
}

TEST(PlanningHeap, GivesBackWhatIsFree) {
  const size_t before = Resident();
  {
    const PlanningHeap heap;
    const auto blocks = Blocks();
    EXPECT_GT(Resident(), before + kBlocks * kBlock / 2);
  }
  EXPECT_LT(Resident(), before + kBlocks * kBlock / 4);
}

TEST(PlanningHeap, KeepsWhatIsInUse) {
  std::vector<std::unique_ptr<char[]>> kept;
  {
    const PlanningHeap heap;
    auto blocks = Blocks();
    for (size_t i = 0; i < kBlocks; i += 2)
      kept.push_back(std::move(blocks[i]));
  }
  for (size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i][2 * i], 'x');
}

TEST(PlanningHeap, ComesAgain) {
  for (int i = 0; i < 100; ++i) {
    const PlanningHeap heap;
    const auto blocks = Blocks();
    ASSERT_EQ(blocks[kBlocks - 1][kBlocks - 1], 'x');
  }
}

}  // namespace
}  // namespace relink
