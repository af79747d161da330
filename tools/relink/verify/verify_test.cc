// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink verify`, as a person runs it.

#include <filesystem>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testdata/testdata_path.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

std::string Good() { return TestdataPath("dependencies/libtop.so"); }

// A library whose loading runs `code`, as anything may in an ifunc resolver.
std::string Running(absl::string_view name, absl::string_view code) {
  return CompileC(
      name,
      absl::StrCat("int function(void) __attribute__((ifunc(\"resolve\")));\n"
                   "int (*pointer)(void) = function;\n"
                   "void* resolve(void) { ",
                   code, "; return 0; }\n"),
      "-shared -fPIC");
}
// Such a function is called before those of other libraries can be.
constexpr absl::string_view kHang = "for (;;) __asm__ volatile(\"pause\")";
constexpr absl::string_view kCloseOutput =
    "long gone = 3; __asm__ volatile(\"syscall\" : \"+a\"(gone) : \"D\"(1L) : "
    "\"rcx\", \"r11\", \"memory\"); ";
std::string Crashing() { return Running("libcrashing.so", "__builtin_trap()"); }

std::string Undefined() {
  return CompileC("libundefined.so",
                  "int absent(void);\nint f(void) { return absent(); }\n",
                  "-shared -fPIC");
}

TEST(Verify, FindsAGoodLibraryOk) {
  const Outcome outcome = RunRelink(absl::StrCat("verify ", Quoted(Good())));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              MatchesRegex(".*/libtop.so: ok \\([0-9]+ relocations, [0-9]+ "
                           "bytes\\)\nverified 1, refused by host 0, failed "
                           "0\n"));
  EXPECT_EQ(outcome.err, "");
}

TEST(Verify, CountsWhatTheHostRefuses) {
  const Outcome outcome = RunRelink(absl::StrCat("verify ", Undefined()));
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("libundefined.so: refused by host"),
                    HasSubstr("undefined symbol: absent"),
                    EndsWith("\nverified 0, refused by host 1, failed 0\n")));
}

TEST(Verify, SurvivesAFileThatCrashesItsProcess) {
  const Outcome outcome =
      RunRelink(absl::StrCat("verify ", Crashing(), " ", Quoted(Good())));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(
      outcome.out,
      AllOf(HasSubstr("libcrashing.so: FAILED (crashed: Illegal instruction)"),
            EndsWith("\nverified 1, refused by host 0, failed 1\n")));
}

TEST(Verify, SurvivesAFileThatHangs) {
  const Outcome outcome = RunRelink(
      absl::StrCat("verify --timeout=1 ", Running("libhanging.so", kHang), " ",
                   Running("libsilent.so", absl::StrCat(kCloseOutput, kHang))));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("libhanging.so: FAILED (still running after 1s)"),
                    HasSubstr("libsilent.so: FAILED (still running after 1s)"),
                    EndsWith("\nverified 0, refused by host 0, failed 2\n")));
}

TEST(Verify, DoesNotRunInitializationFunctions) {
  // This one aborts the process.
  const Outcome outcome = RunRelink(absl::StrCat(
      "verify ", Quoted(TestdataPath("initialization/libaborting.so"))));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
}

TEST(Verify, NamesALibraryThatLivesOnceInAProcess) {
  const Outcome outcome = RunRelink("verify /lib/x86_64-linux-gnu/libc.so.6");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("lives once in a process"));
}

TEST(Verify, PrintsOnlyWhatIsNotOkIfQuiet) {
  const Outcome outcome = RunRelink(absl::StrCat(
      "verify --quiet --jobs=1 ", Quoted(Good()), " ", Crashing()));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("libcrashing.so: FAILED"),
                                 Not(HasSubstr("libtop.so"))));
}

TEST(Verify, TakesEveryLibraryOfAFolder) {
  const std::filesystem::path folder = TempPath("folder");
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "below");
  for (const char* name : {"liba.so", "below/libb.so"}) {
    std::filesystem::copy_file(TestdataPath("dependencies/libbottom.so"),
                               folder / name);
  }
  const Outcome outcome =
      RunRelink(absl::StrCat("verify ", Quoted(folder.string())));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("folder/liba.so: ok"),
                                 HasSubstr("folder/below/libb.so: ok"),
                                 EndsWith("verified 2, refused by host 0, "
                                          "failed 0\n")));
}

TEST(Verify, PrintsJson) {
  const std::string filter =
      " | /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin); "
      "print(r[\"verified\"], r[\"refused_by_host\"], r[\"failed\"], "
      "[f[\"verdict\"] for f in r[\"files\"]])'";
  EXPECT_EQ(Printed(absl::StrCat(Quoted(RelinkPath()), " verify --json ",
                                 Quoted(Good()), " ", Undefined(), " ",
                                 Crashing(), filter)),
            "1 1 1 ['ok', 'refused by host', 'FAILED']");
}

TEST(Verify, ShowsItsProgressOnATerminal) {
  const Outcome outcome =
      Shell(absl::StrCat("script -qec \"", RelinkPath(), " verify ",
                         Quoted(Good()), "\" /dev/null"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("] 1/1"));
}

TEST(Verify, SaysHowItIsUsed) {
  EXPECT_EQ(RunRelink("verify").exit_code, 2);
  const Outcome jobs = RunRelink("verify --jobs=0 x");
  EXPECT_EQ(jobs.exit_code, 2);
  EXPECT_THAT(jobs.err, HasSubstr("--jobs: 0 is not a number above 0"));
  EXPECT_EQ(RunRelink("verify --timeout=soon x").exit_code, 2);
  EXPECT_EQ(RunRelink("verify --in-this-process a b").exit_code, 2);
  const Outcome absent = RunRelink("verify /nowhere/libx.so");
  EXPECT_EQ(absent.exit_code, 1);
  EXPECT_THAT(absent.err, HasSubstr("/nowhere/libx.so: no such file"));
}

}  // namespace
}  // namespace relink::tools
