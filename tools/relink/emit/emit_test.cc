// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

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
using testing::HasSubstr;

constexpr absl::string_view kLibraries = "/usr/lib/x86_64-linux-gnu/";

std::string Passes(int seed) {
  return absl::StrCat(" --passes='split-functions,order<by=random,seed=", seed,
                      ">,place' ");
}

// An empty folder of that name.
std::string Folder(absl::string_view name) {
  const std::string folder = TempPath(name);
  Shell(absl::StrCat("rm -rf ", Quoted(folder), "; mkdir ", Quoted(folder)));
  return folder;
}

// Puts a file of the same name into `folder`.
Outcome Emit(const std::string& file, const std::string& folder, int seed) {
  return RunRelink(absl::StrCat("emit", Passes(seed), "-o ",
                                Quoted(folder + file.substr(file.rfind('/'))),
                                " ", Quoted(file)));
}

std::string Fixture(absl::string_view name) {
  return TestdataPath(absl::StrCat("run/", name));
}

// All that programs say, with the libraries of `folder` if there are any.
std::string Said(const std::string& command, const std::string& folder = "") {
  const Outcome outcome =
      Shell(absl::StrCat("LD_LIBRARY_PATH=", Quoted(folder), " ", command));
  return absl::StrCat(outcome.out, outcome.err, "exit code ",
                      outcome.exit_code);
}

TEST(Emit, LetsAProgramThatAsksWhereItsFunctionsAreNoticeNothing) {
  const std::string expected = Said(Quoted(Fixture("curious.elf")));
  ASSERT_THAT(expected, HasSubstr("caught library"));
  for (int seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    const std::string folder = Folder("curious");
    for (const char* name :
         {"curious.elf", "libcurious_library.so", "libcurious_plugin.so"}) {
      const Outcome outcome = Emit(Fixture(name), folder, seed);
      ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    }
    EXPECT_EQ(Said(Quoted(folder + "/curious.elf")), expected);
    // Exceptions are thrown and caught in moved code, too.
    for (const char* name : {"libstdc++.so.6", "libgcc_s.so.1", "libc.so.6"}) {
      const Outcome outcome =
          Emit(absl::StrCat(kLibraries, name), folder, seed);
      ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    }
    EXPECT_EQ(Said(Quoted(folder + "/curious.elf"), folder), expected);
  }
}

TEST(Emit, LetsProgramsOfTheSystemDoWhatTheyDid) {
  const std::string perl =
      " -e 'my %h = map { $_ => $_ ** 2 } 1 .. 500; my $s = 0; $s += $_ for "
      "values %h; eval { die \"x\\n\" }; print \"$s $@\", join(\",\", sort "
      "grep { /^4/ } keys %h), sprintf(\"%.3f\", sin(1)), \"\\n\"'";
  const std::string sqlite = absl::StrCat(
      "/usr/bin/python3 -c 'import sqlite3, zlib; "
      "c = sqlite3.connect(\":memory:\"); "
      "print(c.execute(\"with recursive n(x) as (select 1 union "
      "all select x + 1 from n where x < 5000) select sum(x), "
      "group_concat(x) from n\").fetchall(), "
      "zlib.crc32(zlib.compress(bytes(99999))))'");
  for (int seed = 1; seed <= 2; ++seed) {
    SCOPED_TRACE(seed);
    const std::string folder = Folder("system");
    ASSERT_EQ(Emit("/usr/bin/perl", folder, seed).exit_code, 0);
    for (const char* name : {"libsqlite3.so.0", "libz.so.1", "libm.so.6"}) {
      ASSERT_EQ(Emit(absl::StrCat(kLibraries, name), folder, seed).exit_code,
                0);
    }
    EXPECT_EQ(Said(Quoted(folder + "/perl") + perl, folder),
              Said("/usr/bin/perl" + perl));
    EXPECT_EQ(Said(sqlite, folder), Said(sqlite));
  }
}

TEST(Emit, CanReplaceItsInputAndKeepsItsMode) {
  const std::string folder = Folder("replaced");
  const std::string file = folder + "/libcurious_library.so";
  Shell(absl::StrCat("cp ", Quoted(Fixture("libcurious_library.so")), " ",
                     Quoted(file), "; chmod 751 ", Quoted(file)));
  const std::string before = Printed("wc -c < " + Quoted(file));
  const Outcome outcome = Emit(file, folder, 1);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("libcurious_library.so: moved "));
  EXPECT_NE(Printed("wc -c < " + Quoted(file)), before);
  EXPECT_EQ(Printed("stat -c %a " + Quoted(file)), "751");
  EXPECT_EQ(Printed("ls " + Quoted(folder)), "libcurious_library.so");
}

TEST(Emit, WritesTheMapToAFileAndIntoTheOutput) {
  const std::string folder = Folder("map");
  const Outcome outcome = RunRelink(absl::StrCat(
      "emit --json", Passes(1), "-o ", folder, "/out.so --map=", folder,
      "/map ", Quoted(Fixture("libcurious_library.so"))));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\"moved_functions\": 14"),
                                 HasSubstr("\"output\": ")));
  EXPECT_EQ(Printed(absl::StrCat("grep -c '^0x[0-9a-f]* 0x[0-9a-f]* [0-9]* ' ",
                                 folder, "/map")),
            "14");
  EXPECT_EQ(Printed(absl::StrCat("objcopy -O binary --only-section=relink.map "
                                 "--set-section-flags relink.map=alloc ",
                                 folder, "/out.so ", folder, "/section && cmp ",
                                 folder, "/map ", folder, "/section")),
            "");
}

TEST(Emit, LeavesNothingIfItFails) {
  const std::string folder = Folder("failed");
  const std::string output = folder + "/out.so";
  EXPECT_EQ(RunRelink(absl::StrCat("emit", Passes(1), "-o ", output,
                                   " /usr/bin/env-no-such-file"))
                .exit_code,
            1);
  const Outcome text =
      RunRelink(absl::StrCat("emit", Passes(1), "-o ", output, " /etc/passwd"));
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.err, HasSubstr("/etc/passwd"));
  EXPECT_EQ(RunRelink(absl::StrCat("emit", Passes(1), "-o ", output,
                                   " --map=/no/such/folder/map ",
                                   Quoted(Fixture("curious.elf"))))
                .exit_code,
            1);
  EXPECT_EQ(Printed("ls " + Quoted(folder)), "");
}

TEST(Emit, SaysWhatIsMissing) {
  const std::string file = Quoted(Fixture("curious.elf"));
  const Outcome no_output = RunRelink(absl::StrCat("emit", Passes(1), file));
  EXPECT_EQ(no_output.exit_code, 2);
  EXPECT_THAT(no_output.err, HasSubstr("--output"));
  const Outcome no_passes = RunRelink(absl::StrCat("emit -o /dev/null ", file));
  EXPECT_EQ(no_passes.exit_code, 2);
  EXPECT_THAT(no_passes.err, HasSubstr("--passes"));
}

}  // namespace
}  // namespace relink::tools
