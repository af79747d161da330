// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink profile`, as a person runs it.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/support/byte_view.h"
#include "testdata/testdata_path.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

std::string Recording(const std::string& name) {
  return Quoted(
      TestdataPath(absl::StrCat("profiles/seed_perf_", name, ".data")));
}

Outcome Profile(const std::string& arguments) {
  return RunRelink("profile " + arguments);
}

TEST(Profile, ShowsModulesAndWhatIsNotAttributed) {
  const Outcome outcome = Profile("show " + Recording("file"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(
          HasSubstr("from perf.data: cpu-clock, 1000 each second, 28 samples"),
          ContainsRegex(" 28 100.00%  all\n"),
          ContainsRegex(" 26  92.86%  in modules\n"),
          ContainsRegex(" 2   7.14%  kernel\n"),
          ContainsRegex(" 24  85.71%  /tmp/prof/t/w  fc761a84")));
}

TEST(Profile, ShowsTheSameAsJson) {
  const Outcome outcome = Profile("show --json " + Recording("file"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(HasSubstr("\"all\": {\"samples\": 28, \"weight\": 28000000}"),
            HasSubstr("{\"kind\": \"kernel\", \"samples\": 2, "),
            HasSubstr("\"path\": \"/tmp/prof/t/w\"")));
}

TEST(Profile, MergesToTheSameBytesInAnyOrder) {
  const std::string a = Recording("file"), b = Recording("processes");
  const std::string ab = TempPath("ab"), ba = TempPath("ba");
  EXPECT_EQ(Profile(absl::StrCat("merge ", a, " ", b, " -o ", ab)).err, "");
  EXPECT_EQ(Profile(absl::StrCat("merge ", b, " ", a, " --output=", ba)).err,
            "");
  EXPECT_EQ(Shell(absl::StrCat("cmp ", ab, " ", ba)).exit_code, 0);
  EXPECT_THAT(Profile("show " + ab).out, ContainsRegex(" 56 100.00%  all\n"));
}

TEST(Profile, AgesOlderInputs) {
  const std::string text = WriteFile("folded", ByteView("f 100\n", 6));
  EXPECT_EQ(Profile(absl::StrCat("merge --decay=0.5 --scale 2 --format=folded ",
                                 text, " ", text, " ", text))
                .out,
            "f 350\n");
}

TEST(Profile, ReadsStandardInput) {
  const Outcome outcome =
      Shell(absl::StrCat("echo 'a;b 3' | ", Quoted(RelinkPath()),
                         " profile convert - --format=symbol-ordering"));
  EXPECT_EQ(outcome.out, "b\n") << outcome.err;
}

TEST(Profile, ConvertsToPprofAndBack) {
  const std::string file = TempPath("p.pb.gz");
  EXPECT_EQ(Profile(absl::StrCat("convert --format=pprof -o ", file, " ",
                                 Recording("pipe")))
                .exit_code,
            0);
  EXPECT_THAT(Profile("show " + file).out,
              AllOf(HasSubstr("from pprof: cpu-clock, 22 samples"),
                    ContainsRegex(" 17  77.27%  in modules\n"),
                    ContainsRegex(" 5  22.73%  kernel\n")));
}

TEST(Profile, SaysWhatIsWrong) {
  const auto expect = [](const std::string& arguments, int code,
                         const std::string& error) {
    const Outcome outcome = Profile(arguments);
    EXPECT_EQ(outcome.exit_code, code) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr(error)) << arguments;
  };
  expect("shw x", 2, "profile: no action shw; did you mean show?");
  expect("show", 2, "profile: no FILE given");
  expect("show /nowhere", 1, "/nowhere: cannot open: No such file");
  expect("show " + Quoted(RelinkPath()), 1, "not a profile of a known format");
  expect("convert x --format=pprf", 2, "did you mean pprof?");
  expect("convert x --format=perf.data", 2, "perf.data can only be read");
  expect("merge x --decay=2", 2, "2 is not a number above 0 and up to 1");
  expect("show --event=cycles " + Recording("file"), 1, "no event cycles");
}

TEST(Profile, ListsFormats) {
  EXPECT_THAT(Profile("formats").out,
              AllOf(ContainsRegex("own +read, written"),
                    ContainsRegex("perf.data +read "),
                    ContainsRegex("pprof +read, written")));
}

}  // namespace
}  // namespace relink::tools
