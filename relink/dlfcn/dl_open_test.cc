// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_open.h"

#include <optional>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(DlOpen, IsForTheCLibraryIfItNamesNothingOrHasNoMode) {
  const auto is_for_host = [](const char* file, int mode) {
    return IsForHost({file, mode, std::nullopt, nullptr});
  };
  EXPECT_TRUE(is_for_host(nullptr, RTLD_NOW));
  EXPECT_TRUE(is_for_host("", RTLD_NOW));
  EXPECT_TRUE(is_for_host("libone.so", RTLD_GLOBAL));
  EXPECT_FALSE(is_for_host("libone.so", RTLD_LAZY));
  EXPECT_FALSE(is_for_host("libone.so", RTLD_NOW | RTLD_GLOBAL));
}

TEST(DlOpen, SaysWhatIsMissingAsLdSoDoes) {
  EXPECT_EQ(DlOpenErrorText("libone.so",
                            absl::NotFoundError("libone.so: is neither here")),
            "libone.so: cannot open shared object file: No such file or "
            "directory");
  EXPECT_EQ(DlOpenErrorText("libone.so",
                            absl::NotFoundError("/lib/libone.so: needs "
                                                "libtwo.so, which is neither")),
            "libtwo.so: cannot open shared object file: No such file or "
            "directory");
}

TEST(DlOpen, SaysAllOfWhatLdSoHasNoWordsFor) {
  EXPECT_EQ(DlOpenErrorText("libone.so", absl::InvalidArgumentError(
                                             "libone.so: DT_RELA[1]: bad")),
            "libone.so: DT_RELA[1]: bad");
  EXPECT_EQ(DlOpenErrorText("libone.so", absl::NotFoundError(
                                             "libtwo.so: undefined symbol: f")),
            "libtwo.so: undefined symbol: f");
}

}  // namespace
}  // namespace relink
