// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_possible_reference.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr uint64_t kCode = 0x10000;
constexpr uint64_t kWanted = 0x20000;  // A page.
constexpr std::array<uint64_t, 1> kWord = {1};
constexpr PageSet kPages = {kWanted, kWord};

using Found = std::vector<std::pair<size_t, bool>>;  // End, is_branch.

std::span<const std::byte> Bytes(const std::vector<uint8_t>& code) {
  return std::as_bytes(std::span(code));
}

Found FindAll(const std::vector<uint8_t>& code) {
  Found all;
  PossibleReference found;
  while (FindReferenceX86_64(Bytes(code), kCode, kPages, found.end, &found)) {
    EXPECT_EQ(found.target >> PageSet::kShift, kWanted >> PageSet::kShift);
    all.emplace_back(found.end, found.is_branch);
  }
  return all;
}

// A field at the end of `code` that leads to `target`.
void AddField(uint64_t target, std::vector<uint8_t>& code) {
  const auto distance =
      static_cast<int32_t>(target - (kCode + code.size() + 4));
  const size_t at = code.size();
  code.resize(at + 4);
  std::memcpy(code.data() + at, &distance, 4);
}

// The same, byte by byte.
Found FindSlowly(const std::vector<uint8_t>& code) {
  Found all;
  for (size_t end = 5; end <= code.size(); ++end) {
    int32_t distance;
    std::memcpy(&distance, code.data() + end - 4, 4);
    if (!kPages.Has(kCode + end + static_cast<uint64_t>(int64_t{distance}))) {
      continue;
    }
    const uint8_t last = code[end - 5];
    const uint8_t before = end > 5 ? code[end - 6] : 0;
    if (last == 0xe8 || last == 0xe9 ||
        (before == 0x0f && last >= 0x80 && last <= 0x8f)) {
      all.emplace_back(end, true);
    } else if (before == 0x8d && (last & 0xc7) == 5) {
      all.emplace_back(end, false);
    }
  }
  return all;
}

TEST(FindReferenceX86_64, FindsBranchesAndAddresses) {
  std::vector<uint8_t> code = {0xe8};
  AddField(kWanted, code);
  code.push_back(0xe9);
  AddField(kWanted + 4095, code);
  code.insert(code.end(), {0x0f, 0x84});
  AddField(kWanted + 1, code);
  code.insert(code.end(), {0x48, 0x8d, 0x05});  // lea (%rip), %rax
  AddField(kWanted + 8, code);
  EXPECT_THAT(FindAll(code),
              ElementsAre(std::pair(5, true), std::pair(10, true),
                          std::pair(16, true), std::pair(23, false)));
}

TEST(FindReferenceX86_64, LeavesOutWhatLeadsElsewhere) {
  std::vector<uint8_t> code = {0xe8};
  AddField(kWanted - 1, code);
  code.push_back(0xe8);
  AddField(kWanted + 4096, code);
  code.insert(code.end(), {0x48, 0x8b, 0x05});  // mov (%rip), %rax
  AddField(kWanted, code);
  EXPECT_THAT(FindAll(code), IsEmpty());
}

TEST(FindReferenceX86_64, ReadsNothingPastTheEnd) {
  std::vector<uint8_t> code = {0xe8};
  AddField(kWanted, code);
  for (size_t size = 0; size < code.size(); ++size) {
    EXPECT_THAT(FindAll({code.begin(), code.begin() + size}), IsEmpty());
  }
}

TEST(FindReferenceX86_64, MissesNothingInAnyPlace) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    std::vector<uint8_t> code(random() % 60);
    for (uint8_t& byte : code) {
      constexpr std::array<uint8_t, 8> kOften = {0xe8, 0xe9, 0x0f, 0x8d,
                                                 0x85, 0x05, 0x3d, 0x00};
      byte = kOften[random() % kOften.size()];
    }
    for (int i = 0; i < 4; ++i) {
      AddField(kWanted + random() % 4096, code);
      code.resize(code.size() + random() % 20, 0xe8);
    }
    EXPECT_EQ(FindAll(code), FindSlowly(code)) << round;
  }
}

}  // namespace
}  // namespace relink
