// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink run`, as a person runs it.

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/support/byte_view.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

constexpr char kRandom[] =
    "run --passes='split-functions,order<by=random>,place' ";

Outcome RunTool(const std::string& rest) { return RunRelink(kRandom + rest); }

TEST(Run, BecomesTheProgram) {
  const Outcome outcome = RunTool("-- sh -c 'echo out; echo err >&2; exit 9'");
  EXPECT_EQ(outcome.exit_code, 9);
  EXPECT_EQ(outcome.out, "out\n");
  EXPECT_EQ(outcome.err, "err\n");
}

TEST(Run, SaysWhatWasMoved) {
  const Outcome outcome = RunTool("--verbose -- /bin/true");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.err, ContainsRegex("[0-9]+ functions of [0-9]+ modules"));
}

TEST(Run, GivesItsOptionsToThePrograms) {
  EXPECT_EQ(RunTool("echo --verbose").out, "--verbose\n");
}

TEST(Run, AppendsRemarks) {
  const std::string file = TempPath("remarks");
  EXPECT_EQ(RunTool("--remarks=" + Quoted(file) + " /bin/true").exit_code, 0);
  EXPECT_THAT(Printed("head -c 1000 " + Quoted(file)),
              HasSubstr("\"kind\": \"moved\""));
}

TEST(Run, TellsProfilersWhatMoved) {
  const std::string folder = TempPath("perf_map");
  Shell("rm -rf " + Quoted(folder) + "; mkdir " + Quoted(folder));
  const Outcome outcome =
      Shell("RELINK_PERF_MAP=" + Quoted(folder) + " " + Quoted(RelinkPath()) +
            " " + kRandom + "--perf-map sh -c 'echo $$'");
  EXPECT_EQ(outcome.exit_code, 0);
  const auto lines = [&](const std::string& kind) {
    return Printed("cat " + Quoted(folder) + "/" + kind + "-" +
                   outcome.out.substr(0, outcome.out.find('\n')) + ".map");
  };
  EXPECT_THAT(lines("perf"), ContainsRegex("\n[0-9a-f]+ [0-9a-f]+ malloc\n"));
  EXPECT_THAT(lines("relink"),
              ContainsRegex("\n[0-9a-f]+ [0-9a-f]+ [0-9a-f]+ [0-9a-f]+ "
                            "/.*/libc.so.6\n"));
}

TEST(Run, PacksWhatAProfileSaysRan) {
  const std::string program =
      CompileC("packed",
               "__attribute__((noinline)) int hot(int x) { return x * 3; }\n"
               "int main(int argc, char** argv) { return hot(argc + 1); }",
               "-O1");
  const std::string profile = WriteFile("profile", ByteView("hot 9\n", 6));
  const std::string remarks = TempPath("packed-remarks");
  EXPECT_EQ(RunRelink(absl::StrCat("run --profile=", Quoted(profile),
                                   " --remarks=", Quoted(remarks), " ",
                                   Quoted(program)))
                .exit_code,
            6);
  EXPECT_THAT(Printed("cat " + Quoted(remarks)),
              AllOf(HasSubstr("1 functions of"), HasSubstr("on huge pages")));
}

TEST(Run, AsksForAHugeHeap) {
  EXPECT_EQ(RunTool("--huge-heap sh -c 'echo $GLIBC_TUNABLES'").out,
            "glibc.malloc.hugetlb=1\n");
  EXPECT_EQ(
      Shell("GLIBC_TUNABLES=glibc.malloc.perturb=1 " + Quoted(RelinkPath()) +
            " " + kRandom + "--huge-heap sh -c 'echo $GLIBC_TUNABLES'")
          .out,
      "glibc.malloc.perturb=1:glibc.malloc.hugetlb=1\n");
}

TEST(Run, RunsWhatIsLinkedStaticallyAsItIs) {
  const std::string program =
      CompileC("fixed", "int main(void) { return 4; }", "-static");
  const Outcome outcome = RunTool(Quoted(program));
  EXPECT_EQ(outcome.exit_code, 4);
  EXPECT_THAT(outcome.err, HasSubstr("is linked statically; runs as it is"));
}

TEST(Run, StartsNothingOnAMistake) {
  const Outcome wrong = RunRelink("run --passes=no-such-pass echo started");
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_EQ(wrong.out, "");
  EXPECT_THAT(wrong.err, HasSubstr("no-such-pass"));
  EXPECT_EQ(RunRelink("run echo started").exit_code, 2);
  const Outcome missing = RunTool("no-such-program");
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("no such command"));
}

}  // namespace
}  // namespace relink::tools
