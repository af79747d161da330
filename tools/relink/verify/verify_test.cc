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
using testing::ContainsRegex;
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

// Its ifunc resolver answers differently the second time: by the umask, which
// both copies share.
std::string Fickle() {
  return CompileC(
      "libfickle.so",
      "static int first(void) { return 1; }\n"
      "static int second(void) { return 2; }\n"
      "int function(void) __attribute__((ifunc(\"resolve\")));\n"
      "int (*pointer)(void) = function;\n"
      "void* resolve(void) {\n"
      "  long mask = 95;\n"
      "  __asm__ volatile(\"syscall\" : \"+a\"(mask) : \"D\"(0777L)\n"
      "                   : \"rcx\", \"r11\", \"memory\");\n"
      "  return mask == 0777 ? second : first;\n"
      "}\n",
      "-shared -fPIC");
}

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

TEST(Verify, ComparesWhatIsPackedAndTheJumpsThatLeadThere) {
  const Outcome outcome = RunRelink(
      absl::StrCat("verify --passes='split-functions,weights<set=[\"*=1\"]>,"
                   "pack-hot<coverage=1>' ",
                   Quoted(Good())));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
  EXPECT_THAT(outcome.out, ContainsRegex("moved [1-9][0-9]* functions"));
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

// This one changes what relocation wrote.
TEST(Verify, DoesNotRunThemWithoutStandardInputEither) {
  const std::string library = CompileC(
      "libchanging.so",
      "int variable;\nint* pointer = &variable;\n"
      "__attribute__((constructor)) void change(void) { pointer = 0; }\n",
      "-shared -fPIC");
  const Outcome outcome =
      Shell(absl::StrCat(Quoted(RelinkPath()), " verify ", library, " <&-"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
}

TEST(Verify, PrintsALineForEachNameAsATerminalMaySeeIt) {
  const std::string folder = TempPath("control");
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(Good(), folder + "/a\n\x1b[2J.so",
                             std::filesystem::copy_options::overwrite_existing);
  const Outcome outcome = RunRelink(absl::StrCat("verify ", Quoted(folder)));
  EXPECT_THAT(outcome.out, HasSubstr("/a\\n\\x1b[2J.so: "));
}

TEST(Verify, ListsEachDisagreement) {
  const Outcome outcome = RunRelink(absl::StrCat("verify ", Fickle()));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(
      outcome.out,
      MatchesRegex(".*/libfickle.so: FAILED \\(1 disagreement\\)\n"
                   "    DT_RELA.[0-9]+.: R_X86_64_64 against function at "
                   "0x[0-9a-f]+: relink base.0x[0-9a-f]+, ld.so "
                   "base.0x[0-9a-f]+\n"
                   "verified 0, refused by host 0, failed 1\n"));
}

TEST(Verify, TakesANameWithoutAFolderForAFile) {
  // The host would find its own.
  const std::filesystem::path folder = TempPath("namesake");
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(TestdataPath("dependencies/libbottom.so"),
                             folder / "libz.so.1",
                             std::filesystem::copy_options::overwrite_existing);
  const std::string relink = std::filesystem::absolute(RelinkPath());
  const auto verify = [&](absl::string_view file) {
    return Shell(absl::StrCat("cd ", Quoted(folder.string()), " && ",
                              Quoted(relink), " verify ", file));
  };
  const Outcome named = verify("libz.so.1");
  EXPECT_THAT(named.out, HasSubstr("libz.so.1: ok ("));
  EXPECT_EQ(absl::StrCat("./", named.out), verify("./libz.so.1").out);
}

TEST(Verify, NamesLibrariesThatLiveOnceInAProcess) {
  for (const char* path :
       {"/lib/x86_64-linux-gnu/libc.so.6", "/lib64/ld-linux-x86-64.so.2"}) {
    const Outcome outcome = RunRelink(absl::StrCat("verify ", path));
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out;
    EXPECT_THAT(
        outcome.out,
        MatchesRegex(absl::StrCat(
            path,
            ": ok \\([0-9]+ relocations, [0-9]+ bytes; lives once in a "
            "process: [0-9]+ relocations and all data that it changes not "
            "compared\\)\nverified 1, refused by host 0, failed 0\n")));
  }
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
  EXPECT_THAT(absent.err,
              HasSubstr("/nowhere/libx.so: No such file or directory"));
}

}  // namespace
}  // namespace relink::tools
