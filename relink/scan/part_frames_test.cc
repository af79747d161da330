// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/part_frames.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

std::optional<std::vector<uint8_t>> Part(const std::vector<uint8_t>& code,
                                         uint64_t begin, uint64_t end,
                                         uint64_t alignment = 1) {
  std::vector<std::byte> out;
  const FrameCode frame = {ByteView(std::as_bytes(std::span(code))), alignment};
  if (!AppendFrameOfPart(frame, begin, end, out)) return std::nullopt;
  std::vector<uint8_t> bytes;
  for (const std::byte byte : out) bytes.push_back(static_cast<uint8_t>(byte));
  return bytes;
}

// advance 1; def_cfa_offset 16; offset r6; advance 4; def_cfa_offset 32;
// advance 8; def_cfa_offset 8
const std::vector<uint8_t> kFrame = {0x41, 0x0e, 0x10, 0x86, 0x02, 0x44,
                                     0x0e, 0x20, 0x48, 0x0e, 0x08};

TEST(PartFrames, BeginWithTheStateAtTheirBeginning) {
  EXPECT_THAT(Part(kFrame, 5, 13),
              Optional(ElementsAre(0x0e, 0x10, 0x86, 0x02, 0x0e, 0x20)));
  EXPECT_THAT(Part(kFrame, 0, 1), Optional(ElementsAre()));
}

TEST(PartFrames, AdvanceFromTheirBeginning) {
  EXPECT_THAT(Part(kFrame, 3, 13),
              Optional(ElementsAre(0x0e, 0x10, 0x86, 0x02, 0x42, 0x0e, 0x20)));
  EXPECT_THAT(Part(kFrame, 5, 14),
              Optional(ElementsAre(0x0e, 0x10, 0x86, 0x02, 0x0e, 0x20, 0x48,
                                   0x0e, 0x08)));
}

TEST(PartFrames, AdvanceFar) {
  // advance_loc1 200; remember_state
  EXPECT_THAT(Part({0x02, 200, 0x0a}, 100, 300),
              Optional(ElementsAre(0x03, 100, 0, 0x0a)));
  // advance_loc4 0x20000; remember_state
  EXPECT_THAT(Part({0x04, 0, 0, 2, 0, 0x0a}, 0, 0x30000),
              Optional(ElementsAre(0x04, 0, 0, 2, 0, 0x0a)));
}

TEST(PartFrames, CountInUnits) {
  EXPECT_THAT(Part({0x42, 0x0a, 0x42, 0x0b}, 8, 17, 4),
              Optional(ElementsAre(0x0a, 0x42, 0x0b)));
  EXPECT_EQ(Part({0x0a}, 2, 8, 4), std::nullopt);
  EXPECT_EQ(Part({0x0a}, 0, 8, 0), std::nullopt);
}

TEST(PartFrames, RefuseWhatIsNotUnderstood) {
  EXPECT_EQ(Part({0x01, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 8), std::nullopt);
  EXPECT_EQ(Part({0x3f}, 0, 8), std::nullopt);
  EXPECT_EQ(Part({0x0e}, 0, 8), std::nullopt);  // Cut off.
}

}  // namespace
}  // namespace relink
