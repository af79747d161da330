// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink plan`, as a person runs it.

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
using testing::Not;

std::string Zlib() { return Quoted("/usr/lib/x86_64-linux-gnu/libz.so.1"); }
std::string Top() { return Quoted(TestdataPath("dependencies/libtop.so")); }

Outcome Plan(const std::string& passes, const std::string& options = "") {
  return RunRelink(
      absl::StrCat("plan ", options, " --passes='", passes, "' ", Zlib()));
}

TEST(Plan, SaysOfModulesThatNothingWouldHappenToThem) {
  const Outcome outcome = RunRelink(absl::StrCat("plan ", Top()));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(ContainsRegex("Whole +[^\n]*libtop.so\n"),
                                 ContainsRegex("Whole +[^\n]*libmiddle.so\n"),
                                 Not(HasSubstr("arena"))));
}

TEST(Plan, SaysWhatGoesToArenasAndWhatThatMakesOfIt) {
  const Outcome outcome = Plan(
      "split-functions,weights<set=[adler32=5,crc32=3]>,order,"
      "place<functions=hot>");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(ContainsRegex("Overlay +[^\n]*libz.so"),
            ContainsRegex("functions in arenas: 2 of [0-9]+"),
            ContainsRegex("code +code +2 +1 "), HasSubstr("code that runs"),
            ContainsRegex("\npages +[0-9]+ +1\n")));
}

TEST(Plan, ListsSectionsByAddress) {
  const Outcome outcome =
      Plan("split-functions,place<functions=[adler32]>", "--map");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(ContainsRegex(
                "0:0x[0-9a-f]+ +[0-9]+  function +code +code +libz[^ ]* "
                "adler32\n"),
            ContainsRegex("output +data +- +libz[^ ]* \\.data\n")));
}

TEST(Plan, PrintsJson) {
  const std::string filter =
      " | /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin); "
      "print(r[\"modules\"][0][\"materialization\"], "
      "r[\"arenas\"][0][\"name\"],"
      " [p[\"name\"] for p in r[\"parts\"] if p.get(\"arena\") == 0 and "
      "p[\"kind\"] == \"function\"], r[\"after\"][\"pages\"])'";
  EXPECT_EQ(Printed(absl::StrCat(
                Quoted(RelinkPath()),
                " plan --json --passes='split-functions,weights<set=[adler32="
                "1]>,place<functions=hot>' ",
                Zlib(), filter)),
            "Overlay code ['adler32'] 1");
}

TEST(Plan, DrawsAPicture) {
  const std::string filter =
      " | /usr/bin/python3 -c 'import sys, xml.dom.minidom; "
      "d = xml.dom.minidom.parse(sys.stdin); "
      "print(d.documentElement.tagName, "
      "len(d.getElementsByTagName(\"rect\")) > 100, "
      "sum(t.firstChild.data.startswith((\"before:\", \"after:\")) "
      "for t in d.getElementsByTagName(\"text\")))'";
  EXPECT_EQ(Printed(absl::StrCat(Quoted(RelinkPath()),
                                 " plan --svg --passes=split-functions,place ",
                                 Zlib(), filter)),
            "svg True 2");
}

TEST(Plan, WritesRemarks) {
  const std::string file =
      std::string(testing::TempDir()) + "/plan_remarks.json";
  const Outcome outcome = Plan("split-functions,place<functions=[adler32]>",
                               absl::StrCat("--remarks=", file));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(Printed(absl::StrCat("cat ", file)),
              HasSubstr("\"subject\": \"adler32\""));
}

TEST(Plan, RefusesWhatDoesNotGoTogetherOrIsNoPass) {
  EXPECT_EQ(RunRelink(absl::StrCat("plan --json --svg ", Top())).exit_code, 2);
  const Outcome outcome = Plan("plaec");
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("plaec"));
  EXPECT_EQ(RunRelink("plan /no/such/file").exit_code, 1);
}

}  // namespace
}  // namespace relink::tools
