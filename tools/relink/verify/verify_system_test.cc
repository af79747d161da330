// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Every shared object of this system, loaded beside ld.so.

#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

TEST(Verify, AgreesWithTheHostOnEveryLibraryOfTheSystem) {
  const std::string filter =
      " | /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin); "
      "print(*[f for f in r[\"files\"] if f[\"verdict\"] == \"FAILED\"],"
      " r[\"verified\"], sep=\"\\n\")'";
  const std::string printed =
      Printed(absl::StrCat(Quoted(RelinkPath()),
                           " verify --json /usr/lib/x86_64-linux-gnu", filter));
  // Failures would stand before it.
  int verified = 0;
  EXPECT_TRUE(absl::SimpleAtoi(printed, &verified)) << printed;
  EXPECT_GE(verified, 50) << printed;
}

}  // namespace
}  // namespace relink::tools
