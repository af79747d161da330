// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// `relink report`, as a person runs it.

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/relink/run_relink.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;

constexpr char kZlib[] = "/usr/lib/x86_64-linux-gnu/libz.so.1";
constexpr char kPasses[] =
    "--passes='split-functions,weights<set=[deflate=50,inflate=30,adler32=20]>,"
    "pack-hot' ";

std::string Page() { return TempPath("report.html"); }

Outcome Report(const std::string& options) {
  return RunRelink(absl::StrCat("report ", options, " ", kZlib));
}

TEST(Report, WritesAPage) {
  const Outcome outcome = Report(absl::StrCat(kPasses, "-o ", Quoted(Page())));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(
      Printed(absl::StrCat("cat ", Quoted(Page()))),
      AllOf(HasSubstr("<!doctype html>"), HasSubstr("<h1>libz.so.1</h1>"),
            ContainsRegex("adler32</td>"), HasSubstr("arena hot"),
            HasSubstr("</html>")));
}

// Both answer the same question.
TEST(Report, HasTheNumbersOfPlan) {
  ASSERT_EQ(Report(absl::StrCat(kPasses, "-o ", Quoted(Page()))).exit_code, 0);
  const std::string plan = TempPath("plan.json");
  ASSERT_EQ(RunRelink(absl::StrCat("plan --json ", kPasses, kZlib, " > ",
                                   Quoted(plan)))
                .exit_code,
            0);
  const std::string compare =
      "/usr/bin/python3 -c 'import json, re, sys\n"
      "page, plan = open(sys.argv[1]).read(), json.load(open(sys.argv[2]))\n"
      "number = lambda part, name: int(re.search(\n"
      "    \"id=.metric-%s.*?class=.%s. value=.([0-9]+)\" % (name, part),\n"
      "    page).group(1))\n"
      "names = [n for n in plan[\"after\"] if n != \"calls\"]\n"
      "bad = [(p, n) for p in (\"before\", \"after\") for n in names\n"
      "       if number(p, n) != plan[p][n]]\n"
      "hot = int(re.search(\"hot-before. value=.([0-9]+)\", page).group(1))\n"
      "print(len(names), bad, hot == plan[\"before\"][\"pages\"])' ";
  EXPECT_EQ(Printed(absl::StrCat(compare, Quoted(Page()), " ", Quoted(plan))),
            "7 [] True");
}

TEST(Report, PrintsNumbersThatAddUp) {
  const std::string filter =
      " | /usr/bin/python3 -c 'import json, sys; r = json.load(sys.stdin); "
      "sums = [sum(r[p][k] for p in (\"moved\", \"refused\", \"left\")) == "
      "r[\"all\"][k] for k in (\"functions\", \"bytes\")]; "
      "print(sums, r[\"all\"][\"weight\"], "
      "sum(g[\"functions\"] for g in r[\"refusals\"]) == "
      "r[\"refused\"][\"functions\"], [t[\"pass\"] for t in r[\"times\"]])'";
  EXPECT_EQ(Printed(absl::StrCat(Quoted(RelinkPath()), " report --json ",
                                 kPasses, kZlib, filter)),
            "[True, True] 100 True ['split-functions', 'weights', 'pack-hot']");
}

TEST(Report, TakesAProfileAndSaysHowItFits) {
  const std::string profile = TempPath("folded.txt");
  Shell(absl::StrCat("printf 'deflate;adler32 70\\ninflate 30\\n' > ",
                     Quoted(profile)));
  const Outcome outcome = Report(absl::StrCat(
      "--title='A & B' --profile=", Quoted(profile), " -o ", Quoted(Page())));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(Printed(absl::StrCat("cat ", Quoted(Page()))),
              AllOf(HasSubstr("<h1>A &amp; B</h1>"), HasSubstr("from folded"),
                    HasSubstr("of its samples are in functions"),
                    HasSubstr("runs once code has its address")));
}

TEST(Report, SaysSoIfNothingIsDone) {
  EXPECT_EQ(Report(absl::StrCat("-o ", Quoted(Page()))).exit_code, 0);
  EXPECT_THAT(Printed(absl::StrCat("cat ", Quoted(Page()))),
              HasSubstr("Nothing was opened"));
}

TEST(Report, RefusesWhatIsWrongAndKeepsTheOldPage) {
  EXPECT_EQ(Report("").exit_code, 2);
  EXPECT_EQ(Report("-o /tmp/x --passes=plaec").exit_code, 2);
  EXPECT_EQ(Report("-o /no/such/folder/page").exit_code, 1);
  Shell(absl::StrCat("printf old > ", Quoted(Page())));
  EXPECT_EQ(RunRelink(absl::StrCat("report /no/such/file -o ", Quoted(Page())))
                .exit_code,
            1);
  EXPECT_EQ(Printed(absl::StrCat("cat ", Quoted(Page()))), "old");
}

TEST(Report, DoesNotReplaceWhatItIsAbout) {
  const std::string file = TempPath("itself.so");
  Shell(absl::StrCat("cp ", kZlib, " ", Quoted(file)));
  const Outcome outcome =
      RunRelink(absl::StrCat("report ", Quoted(file), " -o ", Quoted(file)));
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("is what the page would be about"));
  EXPECT_EQ(Printed(absl::StrCat("cmp ", kZlib, " ", Quoted(file))), "");
}

}  // namespace
}  // namespace relink::tools
