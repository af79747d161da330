// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink load`, as a person runs it.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testdata/testdata_path.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

std::string Top() { return Quoted(TestdataPath("dependencies/libtop.so")); }

TEST(Load, SaysWhatWasDoneAndHowLongItTook) {
  const Outcome outcome = RunRelink(absl::StrCat("load ", Top()));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  for (const char* step :
       {"scan", "layout", "stage", "relocate", "finish", "commit"}) {
    EXPECT_THAT(outcome.out,
                ContainsRegex(absl::StrCat(step, " +[0-9]+\\.[0-9] us\n")));
  }
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("libtop.so"), HasSubstr("libmiddle.so"),
                    ContainsRegex("segment  0x[0-9a-f]+  r-x")));
}

TEST(Load, NamesWhatItUsesOfTheProcess) {
  const Outcome outcome = RunRelink(
      absl::StrCat("load ", Quoted(TestdataPath("cxx/libthrower.so"))));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, ContainsRegex("in use .*libc.so.6\n"));
}

TEST(Load, CallsFunctionsAndPrintsWhatTheyReturn) {
  const Outcome outcome = RunRelink(
      absl::StrCat("load --call top_value --call=middle_value ", Top()));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("top_value() = 111\n"));
  EXPECT_THAT(outcome.out, HasSubstr("middle_value() = 11\n"));
}

TEST(Load, CallsIntoAProgramWhoseInitializationFunctionsRan) {
  const Outcome outcome =
      RunRelink(absl::StrCat("load --call is_initialized ",
                             Quoted(TestdataPath("programs/movable.elf"))));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("is_initialized() = 1\n"));
}

TEST(Load, TracesWhereDependenciesWereLookedFor) {
  const Outcome outcome = RunRelink(absl::StrCat("load --trace-deps ", Top()));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              ContainsRegex("libtop.so needs libmiddle.so\n"
                            "  found        DT_RUNPATH      .*libmiddle.so\n"));
  EXPECT_EQ(
      Printed(absl::StrCat(
          Quoted(RelinkPath()), " load --json --trace-deps ", Top(),
          " | /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin); "
          "print(r[\"searches\"][0][\"name\"], "
          "r[\"searches\"][0][\"outcome\"])'")),
      "libmiddle.so found");
}

TEST(Load, TracesWhereNothingWasFound) {
  const Outcome outcome = RunRelink(
      absl::StrCat("load --trace-deps ",
                   Quoted(TestdataPath("dependencies/libmissing_library.so"))));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.out,
              ContainsRegex("  absent       system          "
                            "/usr/lib/x86_64-linux-gnu/libabsent_at_run_time"));
}

TEST(Load, PrintsJson) {
  const std::string filter =
      " | /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin); "
      "print(len(r[\"steps\"]), len(r[\"loaded\"]), "
      "r[\"calls\"][0][\"result\"],"
      " r[\"segments\"][0][\"protection\"])'";
  EXPECT_EQ(
      Printed(absl::StrCat(Quoted(RelinkPath()),
                           " load --json --call top_value ", Top(), filter)),
      "6 3 111 r--");
}

TEST(Load, SuggestsAFunctionForOneThatIsNotThere) {
  const Outcome outcome =
      RunRelink(absl::StrCat("load --call top_valeu ", Top()));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("no symbol top_valeu"));
  EXPECT_THAT(outcome.err, HasSubstr("did you mean top_value?"));
}

TEST(Load, DoesNotCallData) {
  const Outcome outcome =
      RunRelink(absl::StrCat("load --call library_variable ",
                             Quoted(TestdataPath("programs/libvariables.so"))));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("library_variable is not a function"));
}

TEST(Load, RefusesWhatIsNoModule) {
  const Outcome text = RunRelink("load /etc/passwd");
  EXPECT_EQ(text.exit_code, 1);
  EXPECT_THAT(text.err, HasSubstr("/etc/passwd"));
  const Outcome missing = RunRelink("load /nowhere/libx.so");
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_THAT(missing.err, HasSubstr("/nowhere/libx.so: open: No such file"));
  EXPECT_EQ(RunRelink("load").exit_code, 2);
}

}  // namespace
}  // namespace relink::tools
