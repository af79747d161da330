// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// The frame of the command: help, misuse and exit codes.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Relink, HelpsWhereverItIsAsked) {
  const Outcome overview = RunRelink("--help");
  EXPECT_EQ(overview.exit_code, 0);
  EXPECT_THAT(overview.out, StartsWith("usage: relink COMMAND"));
  EXPECT_THAT(overview.out, HasSubstr("inspect"));
  EXPECT_EQ(RunRelink("help").out, overview.out);

  const Outcome inspect = RunRelink("help inspect");
  EXPECT_EQ(inspect.exit_code, 0);
  EXPECT_THAT(inspect.out,
              StartsWith("usage: relink inspect [OPTION]... FILE"));
  EXPECT_EQ(RunRelink("--help inspect").out, inspect.out);
  EXPECT_EQ(RunRelink("inspect --help").out, inspect.out);
  EXPECT_THAT(RunRelink("--version").out, StartsWith("relink "));
}

TEST(Relink, ExitsWith2AndAHintIfMisused) {
  const auto expect = [](const std::string& arguments, const char* error) {
    const Outcome outcome = RunRelink(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err, absl::StrCat("relink: ", error, "\n"));
  };
  expect("", "no command given; see relink --help");
  expect("inspekt", "unknown command inspekt; did you mean inspect?");
  expect("help bogus", "unknown command bogus");
  expect("--version now", "--version takes no arguments");
  expect("inspect", "inspect: no FILE... given");
  expect("inspect --jsn x",
         "inspect: unknown option --jsn; did you mean --json?");
}

TEST(Relink, ExitsWith1IfTheOutputCannotBeWritten) {
  const Outcome outcome =
      Shell(absl::StrCat(Quoted(RelinkPath()), " --help >/dev/full"));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, "relink: cannot write the output\n");
  EXPECT_EQ(Shell(absl::StrCat(Quoted(RelinkPath()), " --help >&-")).exit_code,
            1);
}

TEST(Relink, ReportsNamesOnOneLine) {
  EXPECT_EQ(RunRelink("inspect 'no\nsuch'").err,
            "relink: no\\nsuch: cannot open: No such file or directory\n");
}

}  // namespace
}  // namespace relink::tools
