// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink record`, as a person runs it.

#include <unistd.h>

#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;

// Two functions have nearly all samples, many of them: a second on any machine.
constexpr char kBusy[] = R"(
#include <time.h>
static unsigned sum;
__attribute__((noinline)) void first(void) {
  for (unsigned i = 0; i < 400000; i++) { sum += i; __asm__ volatile("" ::: "memory"); }
}
__attribute__((noinline)) void second(void) {
  for (unsigned i = 0; i < 200000; i++) { sum ^= i; __asm__ volatile("" ::: "memory"); }
}
__attribute__((noinline)) void both(void) { first(); second(); __asm__ volatile(""); }
int main(void) {
  while (clock() < CLOCKS_PER_SEC) both();
  return 6;
})";

class Record : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome outcome = RunRelink("record -o /dev/null true");
    if (absl::StrContains(outcome.err, "perf_event_open")) {
      GTEST_SKIP() << outcome.err;
    }
  }

  static std::string Busy() {
    return CompileC("busy", kBusy,
                    "-O1 -fno-omit-frame-pointer -Wl,--build-id");
  }
  static std::string Show(const std::string& profile,
                          const std::string& options) {
    return Printed(absl::StrCat(Quoted(RelinkPath()), " profile show ", options,
                                " ", Quoted(profile)));
  }
  // The names and addresses of the functions with the most samples.
  static std::set<std::string> TopFunctions(const std::string& profile) {
    std::set<std::string> functions;
    const std::string text = Show(profile, "--json --top=2");
    for (const absl::string_view line : absl::StrSplit(text, '\n')) {
      const size_t end = line.find(", \"samples\"");
      if (absl::StrContains(line, "\"address\"")) {
        functions.emplace(line.substr(0, end));
      }
    }
    return functions;
  }

  const std::string profile_ = TempPath("profile");
  const std::string output_ = "-o " + Quoted(profile_) + " ";
};

TEST_F(Record, CountsFunctionsAndCalls) {
  const Outcome outcome = RunRelink("record " + output_ + Quoted(Busy()));
  EXPECT_EQ(outcome.exit_code, 6);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, ContainsRegex("profile: [0-9]+ samples of [0-9]+ "
                                         "modules, [0-9]+ lost"));
  EXPECT_THAT(Show(profile_, "--top=2"),
              AllOf(HasSubstr("from relink record: cpu-clock, "),
                    ContainsRegex("  first  .*/busy\n"),
                    ContainsRegex("  second  .*/busy\n"),
                    ContainsRegex("call: [0-9]+ different")));
}

TEST_F(Record, CountsWhatMovedWhereItCameFrom) {
  const std::string program = Busy();
  RunRelink("record " + output_ + Quoted(program));
  const auto expected = TopFunctions(profile_);
  ASSERT_EQ(expected.size(), 2u);
  const std::string log = TempPath("log");
  for (const int seed : {1, 2}) {
    const Outcome outcome = Shell(absl::StrCat(
        "rm -f ", Quoted(log), "; RELINK_LOG=", Quoted(log), " ",
        Quoted(RelinkPath()), " record ", output_, Quoted(RelinkPath()),
        " run --passes='split-functions,order<by=random,seed=", seed,
        ">,place' ", Quoted(program)));
    EXPECT_EQ(outcome.exit_code, 6);
    EXPECT_THAT(Printed("cat " + Quoted(log)), HasSubstr(" modules moved in "));
    EXPECT_EQ(TopFunctions(profile_), expected);
    EXPECT_THAT(Show(profile_, ""), Not(HasSubstr("anonymous memory")));
  }
}

TEST_F(Record, CountsWhatTheProgramStarts) {
  EXPECT_EQ(RunRelink("record " + output_ + "sh -c '" + Busy() + " & wait'")
                .exit_code,
            0);
  EXPECT_THAT(Show(profile_, "--top=2"), ContainsRegex("  first  .*/busy\n"));
}

TEST_F(Record, WritesOtherFormats) {
  RunRelink("record --format=symbol-ordering " + output_ + Quoted(Busy()));
  EXPECT_EQ(Printed("head -2 " + Quoted(profile_)), "first\nsecond");
}

TEST_F(Record, RecordsNoCallsIfItIsNotToDoSo) {
  EXPECT_EQ(
      RunRelink("record --quiet --no-call-graph " + output_ + Quoted(Busy()))
          .err,
      "");
  EXPECT_THAT(Show(profile_, ""), Not(HasSubstr("call:")));
}

TEST_F(Record, LeavesInterruptsToTheProgram) {
  // A process group of its own gets one, as from a terminal.
  const Outcome outcome =
      Shell("setsid -w " + Quoted(RelinkPath()) + " record " + output_ +
            "sh -c 'trap \"echo trapped; exit 5\" INT; kill -INT 0'");
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_EQ(outcome.out, "trapped\n");
  EXPECT_THAT(Show(profile_, ""), HasSubstr("from relink record"));
}

TEST_F(Record, ExitsAsShellsDoAfterASignal) {
  EXPECT_EQ(RunRelink("record " + output_ + "sh -c 'kill -TERM $$'").exit_code,
            128 + 15);
}

TEST_F(Record, LeavesNothingInTheTemporaryFolder) {
  const std::string folder = TempPath("temporary");
  Shell("mkdir -p " + Quoted(folder));
  Shell("TMPDIR=" + Quoted(folder) + " " + Quoted(RelinkPath()) + " record " +
        output_ + "true");
  EXPECT_EQ(Printed("ls -A " + Quoted(folder)), "");
}

TEST_F(Record, StartsNothingOnAMistake) {
  for (const char* arguments :
       {"--frequency=0 echo", "--frequency=x echo", "--frequency=99999999 echo",
        "--format=own2 echo", "--format=perf.data echo", "--format=folded echo",
        ""}) {
    const Outcome outcome = RunRelink(absl::StrCat("record ", arguments));
    EXPECT_EQ(outcome.exit_code, 2) << arguments;
    EXPECT_EQ(outcome.out, "") << arguments;
  }
  const Outcome missing = RunRelink("record " + output_ + "no-such-program");
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("no-such-program: no such command"));
  const Outcome unwritable = RunRelink("record -o /proc/x echo started");
  EXPECT_EQ(unwritable.exit_code, 1);
  EXPECT_EQ(unwritable.out, "");
  EXPECT_THAT(unwritable.err, HasSubstr("/proc/x: cannot write: "));
}

TEST_F(Record, SaysWhatTheKernelDoesNotAllow) {
  const std::string refusing = CompileC(
      "refusing.so",
      "#include <errno.h>\n"
      "long syscall(long number) { (void)number; errno = EACCES; return -1; }",
      "-shared -fPIC");
  unlink(profile_.c_str());
  const Outcome outcome =
      Shell("LD_PRELOAD=" + Quoted(refusing) + " " + Quoted(RelinkPath()) +
            " record " + output_ + "echo started");
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(
      outcome.err,
      ContainsRegex("perf_event_open: Permission denied; "
                    "/proc/sys/kernel/perf_event_paranoid is -?[0-9]+"));
  EXPECT_NE(access(profile_.c_str(), F_OK), 0);
}

}  // namespace
}  // namespace relink::tools
