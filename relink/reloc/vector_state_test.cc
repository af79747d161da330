// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/vector_state.h"

#include <cstdint>
#include <map>
#include <utility>

#include "gtest/gtest.h"

namespace relink {
namespace {

using Machine = std::map<std::pair<uint32_t, uint32_t>, CpuidAnswer>;

// XSAVE and XSAVEC with AVX and AVX-512; sizes and offsets are Skylake's. The
// opmask area is aligned for good measure.
Machine Modern() {
  Machine machine;
  machine[{0, 0}] = {.eax = 0x16};
  machine[{1, 0}] = {.ecx = 1u << 27};
  machine[{0xd, 1}] = {.eax = 0xf};
  machine[{0xd, 2}] = {.eax = 256, .ebx = 576};
  machine[{0xd, 5}] = {.eax = 64, .ebx = 1088, .ecx = 2};
  machine[{0xd, 6}] = {.eax = 512, .ebx = 1152};
  machine[{0xd, 7}] = {.eax = 1024, .ebx = 1664};
  // AMX tile data, which no argument is passed in.
  machine[{0xd, 18}] = {.eax = 8192, .ebx = 2816};
  return machine;
}

VectorState Find(const Machine& machine, uint64_t xcr0) {
  return FindVectorState(
      [&](uint32_t leaf, uint32_t subleaf) {
        const auto found = machine.find({leaf, subleaf});
        return found == machine.end() ? CpuidAnswer() : found->second;
      },
      [&] { return xcr0; });
}

TEST(VectorState, IsThatOfFxsaveOnAnOldMachine) {
  Machine machine;
  machine[{0, 0}] = {.eax = 2};
  const VectorState state = Find(machine, 0);
  EXPECT_EQ(state.method, VectorState::Method::kFxsave);
  EXPECT_EQ(state.size, 512u);
}

TEST(VectorState, IsThatOfFxsaveIfTheSystemDoesNotEnableMore) {
  Machine machine = Modern();
  machine[{1, 0}].ecx = 1u << 26;  // XSAVE, but not OSXSAVE.
  EXPECT_EQ(Find(machine, 0).method, VectorState::Method::kFxsave);
}

TEST(VectorState, IsCompactedIfTheMachineCan) {
  const VectorState state = Find(Modern(), 0xe7);
  EXPECT_EQ(state.method, VectorState::Method::kXsavec);
  EXPECT_EQ(state.features, 0xe6u);
  // 576 + 256, aligned to 832 already, + 64 + 512 + 1024 = 2432.
  EXPECT_EQ(state.size, 2432u);
}

TEST(VectorState, HasStandardOffsetsOtherwise) {
  Machine machine = Modern();
  machine[{0xd, 1}] = {.eax = 1};
  const VectorState state = Find(machine, 0xe7);
  EXPECT_EQ(state.method, VectorState::Method::kXsave);
  EXPECT_EQ(state.size, 2688u);
}

TEST(VectorState, LeavesOutWhatPassesNoArguments) {
  const VectorState state = Find(Modern(), 0xe7 | 1 << 3 | 1 << 9 | 3 << 17);
  EXPECT_EQ(state.features, 0xe6u);
  EXPECT_EQ(state.size, 2432u);
}

TEST(VectorState, HasOnlyWhatTheSystemEnabled) {
  const VectorState state = Find(Modern(), 7);
  EXPECT_EQ(state.features, 6u);
  EXPECT_EQ(state.size, 832u);
}

TEST(VectorState, OfThisMachineHasItsRegisters) {
  const VectorState state = HostVectorState();
  EXPECT_EQ(state.size % 64, 0u);
  EXPECT_GE(state.size, 512u);
  if (__builtin_cpu_supports("avx")) {
    EXPECT_NE(state.method, VectorState::Method::kFxsave);
    EXPECT_EQ(state.features & 6, 6u);
    EXPECT_GE(state.size, 832u);
  }
  if (__builtin_cpu_supports("avx512f")) {
    EXPECT_EQ(state.features & 0xe0, 0xe0u);
    EXPECT_GE(state.size, 2432u);
  }
}

}  // namespace
}  // namespace relink
