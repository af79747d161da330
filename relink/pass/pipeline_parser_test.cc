// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pipeline_parser.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "relink/pass/letters_passes.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pass_registry.h"

namespace relink {
namespace {

using letters::Line;
using letters::Page;
using letters::Print;

// Runs what `text` names over an empty page and an empty print. "LINE|LINE/INK"
// of both, or the error.
std::string AfterRunning(absl::string_view text) {
  const PassRegistry registry = letters::Registry();
  PassManager<Page> page_passes;
  PassManager<Print> print_passes;
  const absl::Status parsed =
      ParsePipeline(text, registry, page_passes, print_passes);
  if (!parsed.ok()) {
    EXPECT_TRUE(page_passes.passes().empty());
    EXPECT_TRUE(print_passes.passes().empty());
    return std::string(parsed.message());
  }
  Page page;
  AnalysisManager<Page> page_analyses;
  const auto on_page = page_passes.Run(page, page_analyses);
  if (!on_page.ok()) return std::string(on_page.status().message());
  Print print;
  AnalysisManager<Print> print_analyses;
  EXPECT_TRUE(print_passes.Run(print, print_analyses).ok());
  return absl::StrCat(absl::StrJoin(page.lines, "|"), "/", print.ink);
}

TEST(Pipeline, RunsWhatItsTextNames) {
  EXPECT_EQ(AfterRunning(""), "/");
  EXPECT_EQ(AfterRunning("add-line"), "new/");
  EXPECT_EQ(AfterRunning("add-line<letters=a>,add-line<letters=b,times=2>"),
            "a|b|b/");
}

TEST(Pipeline, GivesEachPassToItsUnit) {
  EXPECT_EQ(AfterRunning("add-line,blot,blot"), "new/**");
}

TEST(Pipeline, RunsPassesOverEachPart) {
  EXPECT_EQ(AfterRunning("add-line<times=2>,line(dot,dot),add-line"),
            "new..|new..|new/");
  EXPECT_EQ(AfterRunning("add-line<times=2>,dot,blot"), "new.|new./*");
  EXPECT_EQ(AfterRunning("add-line,line()"), "new/");
}

TEST(Pipeline, RunsAnalyses) {
  EXPECT_EQ(AfterRunning("add-line,require<line-count>"), "new/");
  EXPECT_EQ(AfterRunning("require<line-count>"),
            "pass require: analysis line-count: no lines");
}

TEST(Pipeline, SuggestsTheNearestName) {
  EXPECT_EQ(AfterRunning("add-line,blto"),
            "line 1, column 10: unknown pass blto\n"
            "  add-line,blto\n"
            "           ^~~~");
  EXPECT_EQ(AfterRunning("add-lin,blot"),
            "line 1, column 1: unknown pass add-lin; did you mean add-line?\n"
            "  add-lin,blot\n"
            "  ^~~~~~~");
  EXPECT_EQ(AfterRunning("add-line<leters=a>"),
            "line 1, column 10: unknown option leters; did you mean letters?\n"
            "  add-line<leters=a>\n"
            "           ^~~~~~");
  EXPECT_EQ(AfterRunning("require<line-cont>"),
            "line 1, column 9: unknown analysis line-cont; did you mean "
            "line-count?\n"
            "  require<line-cont>\n"
            "          ^~~~~~~~~");
  EXPECT_EQ(AfterRunning("lines(dot)"),
            "line 1, column 1: lines has no parts; did you mean line?\n"
            "  lines(dot)\n"
            "  ^~~~~");
}

TEST(Pipeline, RefusesAPassBehindOneOfALaterUnit) {
  EXPECT_EQ(AfterRunning("blot,add-line"),
            "line 1, column 6: add-line is a pass over page, and cannot stand "
            "behind one over print\n"
            "  blot,add-line\n"
            "       ^~~~~~~~");
  EXPECT_EQ(AfterRunning("blot, dot"),
            "line 1, column 7: dot is a pass over line, and cannot stand "
            "behind one over print\n"
            "  blot, dot\n"
            "        ^~~");
}

TEST(Pipeline, RefusesAPassInPartsThatAreNotItsUnit) {
  EXPECT_EQ(AfterRunning("line(dot,add-line)"),
            "line 1, column 10: add-line is a pass over page, not over line\n"
            "  line(dot,add-line)\n"
            "           ^~~~~~~~");
  EXPECT_EQ(AfterRunning("line(line(dot))"),
            "line 1, column 6: line is a pass over page, not over line\n"
            "  line(line(dot))\n"
            "       ^~~~");
}

TEST(Pipeline, RefusesAPassForAUnitThatNobodyHas) {
  PassManager<Page> page_passes;
  EXPECT_EQ(ParsePipeline("blot", letters::Registry(), page_passes).message(),
            "line 1, column 1: blot is a pass over print, not over page\n"
            "  blot\n"
            "  ^~~~");
}

TEST(Pipeline, RefusesWhatIsNotWrittenAsItMustBe) {
  EXPECT_EQ(AfterRunning("line"),
            "line 1, column 1: expected line(PASS,...)\n"
            "  line\n"
            "  ^~~~");
  EXPECT_EQ(AfterRunning("line<a>(dot)"),
            "line 1, column 6: line takes no options\n"
            "  line<a>(dot)\n"
            "       ^");
  EXPECT_EQ(AfterRunning("dot(dot)"),
            "line 1, column 1: dot has no parts\n"
            "  dot(dot)\n"
            "  ^~~");
  EXPECT_EQ(AfterRunning("require"),
            "line 1, column 1: expected require<ANALYSIS>\n"
            "  require\n"
            "  ^~~~~~~");
}

TEST(Pipeline, MarksWhatAPassRefuses) {
  EXPECT_EQ(AfterRunning("add-line<times=-1>"),
            "line 1, column 16: times: is less than none\n"
            "  add-line<times=-1>\n"
            "                 ^~");
  const PassRegistry registry = letters::Registry();
  PassManager<Page> passes;
  EXPECT_EQ(ParsePipeline("add-line<letters=missing>", registry, passes),
            absl::NotFoundError("line 1, column 1: add-line: no such text\n"
                                "  add-line<letters=missing>\n"
                                "  ^~~~~~~~"));
}

}  // namespace
}  // namespace relink
