// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/named_sections.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "relink/ir/graph_builder.h"
#include "relink/ir/link_graph.h"

namespace relink {
namespace {

TEST(Matches, TakesStarsForAnything) {
  EXPECT_TRUE(Matches("", ""));
  EXPECT_TRUE(Matches("*", ""));
  EXPECT_TRUE(Matches("abc", "abc"));
  EXPECT_TRUE(Matches("a*c", "abbbc"));
  EXPECT_TRUE(Matches("*b*b*", "abcb"));
  EXPECT_TRUE(Matches("a**", "a"));
  EXPECT_TRUE(Matches("*ab", "aab"));
  EXPECT_FALSE(Matches("", "a"));
  EXPECT_FALSE(Matches("a", ""));
  EXPECT_FALSE(Matches("abc", "ab"));
  EXPECT_FALSE(Matches("ab", "abc"));
  EXPECT_FALSE(Matches("a*c", "abcd"));
}

TEST(Matches, TakesNoTimeForManyStars) {
  const std::string text(100000, 'a');
  EXPECT_FALSE(Matches("*a*a*a*a*a*a*a*a*b", text));
}

TEST(SectionsNamed, FindsSectionsByTheirNamesAndSymbols) {
  LinkGraph graph = GraphBuilder()
                        .Module("a")
                        .Function(".text.f", 8)
                        .Symbol("f")
                        .Local("f_alias", 4)
                        .Function(".text.g", 8)
                        .Symbol("g")
                        .Function(".text.dead", 8)
                        .Local("f_dead")
                        .Build();
  graph.sections[SectionId(2)].dead = true;
  const std::vector<std::string> patterns = {"f",    ".text.g", "f*",
                                             "none", ".text*",  "f"};
  using Ids = std::vector<SectionId>;
  EXPECT_EQ(SectionsNamed(graph, patterns),
            (std::vector<Ids>{{SectionId(0)},
                              {SectionId(1)},
                              {SectionId(0)},
                              {},
                              {SectionId(0), SectionId(1)},
                              {SectionId(0)}}));
}

}  // namespace
}  // namespace relink
