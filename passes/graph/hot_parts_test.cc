// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/hot_parts.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/hex_code.h"
#include "relink/arch/target.h"

namespace relink {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "0-4 hot on leads x1": its range, whether it goes on and leads, and how many
// branches leave it.
std::vector<std::string> Cut(const char* code, const std::vector<bool>& hot) {
  const auto flow = ReadFlow(HostTarget(), HexCode(code).bytes(), {});
  if (!flow.has_value()) return {"not understood"};
  std::vector<std::string> parts;
  for (const FunctionPart& part : CutHotParts(*flow, hot)) {
    parts.push_back(
        absl::StrCat(part.begin, "-", part.end, part.hot ? " hot" : " cold",
                     part.goes_on ? " on" : "", part.leads ? " leads" : "",
                     " x", part.leaving.size()));
  }
  return parts;
}

TEST(HotParts, EndBehindShortBranchesThatLeaveThem) {
  // test; je 0xa; xor; ret; mov; ret
  EXPECT_THAT(Cut("85ff 7406 31c0909090c3 b801000000c3", {true, true, false}),
              ElementsAre("0-4 hot on x1", "4-10 hot x0", "10-16 cold x0"));
}

TEST(HotParts, GoOnBehindLongOnes) {
  // test; je 0xe; xor; ret; mov; ret
  EXPECT_THAT(
      Cut("85ff 0f8406000000 31c0909090c3 b8c3c3c3c3c3", {true, true, false}),
      ElementsAre("0-14 hot x1", "14-20 cold x0"));
}

TEST(HotParts, AreComeBackToWhereThereIsRoom) {
  // 0: je 0xa; 2: xor; 4: mov; 9: ret; 0xa: jmp 2
  EXPECT_THAT(Cut("7408 31c0 b801000000 c3 ebf6", {true, true, false}),
              ElementsAre("0-2 hot on x1", "2-4 hot on x0", "4-10 hot leads x0",
                          "10-12 cold x1"));
}

TEST(HotParts, AreWholeIfNothingIsCold) {
  EXPECT_THAT(Cut("7400 c3", {true, true}), IsEmpty());
}

TEST(HotParts, RefuseBranchesWithoutALongForm) {
  // 0: jrcxz 3; 2: ret; 3: ret
  EXPECT_THAT(Cut("e301 c3 c3", {true, true, false}), IsEmpty());
}

}  // namespace
}  // namespace relink
