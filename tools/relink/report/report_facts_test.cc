// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/report_facts.h"

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/graph_builder.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/remark.h"
#include "tools/relink/report/refusals.h"
#include "tools/relink/report/report_print.h"

namespace relink::tools {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kHostile[] = "</title><script>alert('f')</script>";

// As if a pass had put f into an arena. Sections lie one behind the other.
PlannedLink Planned() {
  LinkGraph graph = GraphBuilder()
                        .Module("dir/a.so")
                        .Function("f", 16)
                        .Weight(50)
                        .Function("pinned", 16)
                        .Weight(30)
                        .Pin("writes to code")
                        .Function("also pinned", 32)
                        .Weight(10)
                        .Pin("writes to code")
                        .Function("odd", 16)
                        .Weight(6)
                        .Function(kHostile, 16)
                        .Weight(4)
                        .Build();
  PlannedLink planned;
  planned.graph = std::move(graph);
  const ArenaId hot = planned.graph.arenas.Add({.name = "hot<"});
  planned.graph.sections[SectionId(0)].arena_id = hot;
  ModulePlacement placement;
  placement.span = {LinkAddr(0x1000), 0x1000};
  planned.layout.modules.Add(placement);
  planned.layout.arenas.Add({.size = 0x1000});
  for (const Section& section : planned.graph.sections) {
    planned.layout.sections.Add({.arena_id = section.arena_id, .offset = 0x40});
  }
  planned.metrics_before = {.weighted = true, .sections = 5, .pages = 20};
  planned.metrics_after = {.weighted = true, .sections = 5, .pages = 10};
  return planned;
}

CollectedRemarks::Kept Refused(const PlannedLink& planned, uint32_t section,
                               std::string message) {
  const LinkAddr home = planned.graph.sections[SectionId(section)].home.begin;
  std::ostringstream address;
  address << "0x" << std::hex << home.value();
  return {.pass = "pack-hot",
          .kind = RemarkKind::kRefused,
          .module = "dir/a.so",
          .subject = "odd",
          .address = address.str(),
          .message = std::move(message)};
}

TEST(Refusals, AreGroupedByReasonTheHeaviestFirst) {
  const PlannedLink planned = Planned();
  const Refusals refusals(
      planned.graph, {Refused(planned, 3, "its jump table is odd (at 0x77)")});
  const std::vector<RefusalGroup> groups = refusals.Groups();
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].reason, "writes to code");
  EXPECT_THAT(groups[0].functions, ElementsAre(SectionId(1), SectionId(2)));
  EXPECT_EQ(groups[0].weight, 40);
  EXPECT_EQ(groups[0].bytes, 48u);
  // Where it was is no part of the reason.
  EXPECT_EQ(groups[1].reason, "its jump table is odd");
  EXPECT_EQ(groups[1].weight, 6);
}

TEST(Refusals, OfWholeModulesAreNoFunctions) {
  const PlannedLink planned = Planned();
  const Refusals refusals(planned.graph, {{.pass = "choose-materialization",
                                           .kind = RemarkKind::kRefused,
                                           .module = "dir/a.so",
                                           .subject = "",
                                           .address = "",
                                           .message = "Whole: is Opaque"}});
  EXPECT_EQ(refusals.ReasonOf(ModuleId(0)), "Whole: is Opaque");
  EXPECT_EQ(refusals.Groups().size(), 1u);
}

TEST(ReportFacts, AddUp) {
  const PlannedLink planned = Planned();
  const ReportFacts facts =
      CollectFacts(planned, {Refused(planned, 3, "is odd")});
  EXPECT_EQ(facts.all.functions, 5u);
  EXPECT_EQ(facts.all.weight, 100);
  EXPECT_EQ(facts.moved.weight, 50);
  EXPECT_EQ(facts.refused.weight, 46);
  EXPECT_EQ(facts.left.weight, 4);
  uint64_t refused = 0;
  for (const RefusalGroup& group : facts.refusals) {
    refused += group.functions.size();
  }
  EXPECT_EQ(refused, facts.refused.functions);
  EXPECT_EQ(facts.modules[0].known.functions, 5u);
  EXPECT_EQ(facts.modules[0].moved.functions, 1u);
  EXPECT_EQ(facts.arenas[0].contents.bytes, 16u);
}

TEST(ReportFacts, ListTheHeaviestFunctionsAndWhereTheyGo) {
  const PlannedLink planned = Planned();
  const ReportFacts facts = CollectFacts(planned, {});
  ASSERT_EQ(facts.functions.size(), 5u);
  EXPECT_EQ(facts.functions[0].place, "hot<+0x40");
  EXPECT_EQ(facts.functions[0].cumulative, 0.5);
  EXPECT_EQ(facts.functions[1].place, "");
  EXPECT_EQ(facts.functions[1].why_stays, "writes to code");
  EXPECT_EQ(facts.functions[4].cumulative, 1);
}

std::string Page(const std::string& title, const std::string& passes) {
  const PlannedLink planned = Planned();
  const std::vector<CollectedRemarks::Kept> remarks = {
      Refused(planned, 3, "is <b>odd</b>")};
  const ReportFacts facts = CollectFacts(planned, remarks);
  std::ostringstream out;
  WriteReportPage({.title = title,
                   .passes = passes,
                   .profile = "p&q",
                   .sources = {"perf <data>"},
                   .planned = planned,
                   .facts = facts,
                   .remarks = remarks,
                   .times = {},
                   .counters = {}},
                  out);
  return std::move(out).str();
}

TEST(ReportPage, HasNumbersBeforeAndAfter) {
  EXPECT_THAT(Page("t", "pack-hot"),
              AllOf(HasSubstr("id=\"metric-pages\""),
                    HasSubstr("<data class=\"after\" value=\"10\">10</data>"),
                    HasSubstr("<data class=\"before\" value=\"20\">20</data>"),
                    HasSubstr("-50.0%")));
}

TEST(ReportPage, HasNamesAsTextOnly) {
  const std::string page = Page(kHostile, "place<functions=[\"<i>\"]>");
  EXPECT_THAT(
      page, AllOf(Not(HasSubstr("alert('f')")), Not(HasSubstr("<script>alert")),
                  Not(HasSubstr("<i>\"")), Not(HasSubstr("<b>odd")),
                  Not(HasSubstr("hot<+")), Not(HasSubstr("<data>")),
                  HasSubstr("&lt;script&gt;alert(&#39;f&#39;)")));
}

TEST(ReportPage, NeedsNothingFromAnywhere) {
  EXPECT_THAT(Page("t", "pack-hot"),
              AllOf(Not(HasSubstr("http:")), Not(HasSubstr("https:")),
                    Not(HasSubstr(" src=")), HasSubstr("default-src 'none'")));
}

}  // namespace
}  // namespace relink::tools
