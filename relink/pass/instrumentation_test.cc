// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/instrumentation.h"

#include <sstream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"
#include "relink/pass/analysis_manager.h"
#include "relink/pass/instrumentation_options.h"
#include "relink/pass/letters_passes.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/pass_manager.h"
#include "relink/pass/pipeline_parser.h"

namespace relink {
namespace {

using letters::Line;
using letters::Page;

std::string TextOf(const Page& page) {
  std::string text;
  for (const std::string& line : page.lines) absl::StrAppend(&text, line, "\n");
  return text;
}

absl::Status NoLineTwice(const Page& page) {
  for (size_t i = 1; i < page.lines.size(); ++i) {
    if (page.lines[i] == page.lines[i - 1]) {
      return absl::InternalError(absl::StrCat("line ", i, ": stutters"));
    }
  }
  return absl::OkStatus();
}

// A run over an empty page, watched.
struct WatchedRun {
  WatchedRun(absl::string_view pipeline, PassInstrumentationOptions options)
      : instrumentation(std::move(options), printed) {
    instrumentation.Watch<Page>(context, {TextOf, NoLineTwice});
    instrumentation.Watch<Line>(
        context, {[](const Line& line) { return line.letters + "\n"; }, {}});
    PassManager<Page> passes;
    EXPECT_EQ(ParsePipeline(pipeline, letters::Registry(), passes),
              absl::OkStatus());
    instrumentation.set_pass_count(passes.passes().size());
    AnalysisManager<Page> analyses(context);
    status = passes.Run(page, analyses).status();
    instrumentation.Finish();
  }
  WatchedRun(absl::string_view pipeline, absl::string_view options)
      : WatchedRun(pipeline, Parsed(options)) {}

  static PassInstrumentationOptions Parsed(absl::string_view text) {
    PassInstrumentationOptions options;
    EXPECT_EQ(SetInstrumentationOptions(text, options), absl::OkStatus());
    return options;
  }
  std::string lines() const { return absl::StrJoin(page.lines, "|"); }

  std::ostringstream printed;
  PassContext context;
  PassInstrumentation instrumentation;
  Page page;
  absl::Status status;
};

TEST(PassInstrumentation, IsSilentUnlessItIsAsked) {
  const WatchedRun run("add-line,dot", "");
  EXPECT_EQ(run.lines(), "new.");
  EXPECT_EQ(run.printed.str(), "");
}

TEST(PassInstrumentation, PrintsBeforeAndAfter) {
  const WatchedRun run("add-line<letters=a>,add-line<letters=b>,line(dot)",
                       "--print-before=dot --print-after=add-line");
  EXPECT_EQ(run.printed.str(),
            "*** after add-line ***\na\n"
            "*** after add-line ***\na\nb\n"
            "*** before dot on line 0 ***\na\n"
            "*** before dot on line 1 ***\nb\n");
}

TEST(PassInstrumentation, PrintsAroundAllPasses) {
  const WatchedRun run("add-line,dot", "--print-before --print-after");
  EXPECT_EQ(run.printed.str(),
            "*** before add-line ***\n"
            "*** after add-line ***\nnew\n"
            "*** before dot on line 0 ***\nnew\n"
            "*** after dot on line 0 ***\nnew.\n");
}

TEST(PassInstrumentation, PrintsWhatChanged) {
  const WatchedRun run("add-line<letters=a>,add-line<times=0>,dot",
                       "--print-changed");
  EXPECT_EQ(run.printed.str(),
            "*** changed by add-line ***\n@@ -0,0 +1 @@\n+a\n"
            "*** changed by dot on line 0 ***\n@@ -1 +1 @@\n-a\n+a.\n");
}

TEST(PassInstrumentation, VerifiesAfterEachPass) {
  const WatchedRun run("add-line,add-line,dot", "--verify-each");
  EXPECT_EQ(run.status,
            absl::InternalError("pass add-line: verifier: line 1: stutters"));
  EXPECT_EQ(run.lines(), "new|new");
  EXPECT_EQ(WatchedRun("add-line,add-line", "").status, absl::OkStatus());
}

TEST(PassInstrumentation, SkipsThePassesBehindALimit) {
  const WatchedRun run("add-line<times=2>,line(dot,dot),add-line",
                       "--bisect-limit=3");
  EXPECT_EQ(run.lines(), "new..|new");
  EXPECT_EQ(run.printed.str(),
            "BISECT: running pass (1) add-line\n"
            "BISECT: running pass (2) dot on line 0\n"
            "BISECT: running pass (3) dot on line 0\n"
            "BISECT: NOT running pass (4) dot on line 1\n"
            "BISECT: NOT running pass (5) dot on line 1\n"
            "BISECT: NOT running pass (6) add-line\n");
  EXPECT_EQ(WatchedRun("add-line", "--bisect-limit=0").lines(), "");
}

TEST(PassInstrumentation, NumbersPassesWithoutALimit) {
  const WatchedRun run("add-line,dot", "--bisect-limit=-1");
  EXPECT_EQ(run.lines(), "new.");
  EXPECT_EQ(run.printed.str(),
            "BISECT: running pass (1) add-line\n"
            "BISECT: running pass (2) dot on line 0\n");
}

TEST(PassInstrumentation, StopsAfterAPass) {
  const WatchedRun run("add-line<letters=a>,dot,add-line",
                       "--stop-after=add-line");
  EXPECT_EQ(run.lines(), "a");
  EXPECT_TRUE(run.instrumentation.stopped());
  EXPECT_FALSE(
      WatchedRun("dot", "--stop-after=add-line").instrumentation.stopped());
}

TEST(PassInstrumentation, StopsAfterAPassHasSeenAllParts) {
  const WatchedRun run("add-line<times=2>,line(dot,dot),add-line",
                       "--stop-after=dot");
  EXPECT_EQ(run.lines(), "new.|new.");
  EXPECT_TRUE(run.instrumentation.stopped());
}

TEST(PassInstrumentation, TellsOfProgress) {
  std::vector<std::string> told;
  PassInstrumentationOptions options;
  options.progress = [&](const PassProgress& progress) {
    told.push_back(
        absl::StrCat(progress.index, "/", progress.count, " ", progress.pass));
  };
  options.bisect_limit = 1;
  const WatchedRun run("add-line<times=2>,line(dot),add-line", options);
  EXPECT_EQ(told, (std::vector<std::string>{"1/3 add-line", "2/3 line",
                                            "3/3 add-line"}));
}

TEST(PassInstrumentation, TakesTheTimeOfEachPass) {
  const WatchedRun run("add-line<times=2>,line(dot)", "--time-passes");
  std::vector<std::string> rows;
  for (const PassTimes::Row& row : run.instrumentation.times().rows()) {
    rows.push_back(absl::StrCat(row.pass, " ", row.runs));
  }
  EXPECT_EQ(rows, (std::vector<std::string>{"add-line 1", "line 1", "dot 2"}));
  EXPECT_EQ(run.printed.str(), run.instrumentation.times().Table());
}

TEST(PassInstrumentation, GoesOnAfterAFailure) {
  std::ostringstream printed;
  PassContext context;
  PassInstrumentation instrumentation({}, printed);
  instrumentation.Watch<Page>(context);
  PassManager<Page> failing, working;
  const PassRegistry registry = letters::Registry();
  ASSERT_TRUE(ParsePipeline("require<line-count>", registry, failing).ok());
  ASSERT_TRUE(ParsePipeline("add-line", registry, working).ok());
  AnalysisManager<Page> analyses(context);
  Page page;
  EXPECT_FALSE(failing.Run(page, analyses).ok());
  EXPECT_TRUE(working.Run(page, analyses).ok());
  EXPECT_EQ(instrumentation.times().rows().size(), 2);
}

}  // namespace
}  // namespace relink
