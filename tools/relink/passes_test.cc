// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink passes`, and the passes of plugins, as a person runs them.

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
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// The example of a plugin.
std::string Popular() {
  return absl::StrCat(
      "--load-pass-plugin=",
      Quoted(TestdataPath("../examples/pass_plugin/popular.so")));
}

TEST(Passes, AreListedByTheirUnits) {
  const Outcome outcome = RunRelink("passes");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("passes over graph:\n"));
  EXPECT_THAT(
      outcome.out,
      ContainsRegex("  split-functions +open modules and make a section of "
                    "each function\n +modules=root\\|all +which are opened "
                    "\\(default: all\\)\n"));
  EXPECT_THAT(outcome.out,
              ContainsRegex("\n\npasses over placed:\n(.*\n)*  plt-bypass"));
  EXPECT_THAT(outcome.out,
              ContainsRegex("\n\nanalyses:\n(.*\n)*  call-graph "));
}

TEST(Passes, SayTheLeastThatTheyNeed) {
  EXPECT_THAT(RunRelink("passes place").out,
              ContainsRegex("  place .*\n      modules must be Overlayable at "
                            "least\n"));
}

TEST(Passes, AreThoseThatAreNamed) {
  const Outcome outcome = RunRelink("passes split-functions call-graph");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("split-functions"), HasSubstr("call-graph"),
                    Not(HasSubstr("plt-bypass"))));
  const Outcome unknown = RunRelink("passes splt-functions");
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.err,
            "relink: unknown pass splt-functions; did you mean "
            "split-functions?\n");
}

TEST(Passes, AreJson) {
  const Outcome outcome =
      RunRelink(absl::StrCat("passes --json ", Popular(), " popular-arena"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(
      outcome.out,
      AllOf(HasSubstr(R"("name": "popular", "version": "1.0"})"),
            HasSubstr(R"(      "name": "popular-arena",
      "help": "copy popular functions to an arena",
      "unit": "graph",
      "least_capability": "Overlayable",
      "options": [
        {"name": "least", "type": "integer", "usage": "least=INTEGER", )"
                      R"("default": "2", "help": "references that it takes"},
        {"name": "huge", "type": "flag", "usage": "huge", "default": "", )"
                      R"("help": "use pages of 2 MiB"})")));
}

TEST(Passes, OfAPluginRunAsTheOthersDo) {
  const Outcome outcome = RunRelink(absl::StrCat(
      "load ", Popular(),
      " --passes='split-functions,popular-first,popular-arena<least=1>'"
      " --call=top_value ",
      Quoted(TestdataPath("dependencies/libtop.so"))));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("top_value() = 111\n"));
}

TEST(Passes, OfAPluginHaveOptions) {
  const Outcome outcome = RunRelink(
      absl::StrCat("load ", Popular(), " --passes='popular-arena<least=0>' ",
                   Quoted(TestdataPath("dependencies/libtop.so"))));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, EndsWith("column 21: least: must be 1 at least\n"
                                    "  popular-arena<least=0>\n"
                                    "                      ^\n"));
}

TEST(Passes, OfWhatIsNoPluginAreAnError) {
  const std::string library = TestdataPath("dependencies/libtop.so");
  const Outcome outcome =
      RunRelink(absl::StrCat("passes --load-pass-plugin=", Quoted(library)));
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_EQ(outcome.err, absl::StrCat("relink: ", library,
                                      ": is no pass plugin: does not export "
                                      "relink_pass_plugin_info\n"));
}

}  // namespace
}  // namespace relink::tools
