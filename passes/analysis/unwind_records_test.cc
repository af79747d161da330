// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/analysis/unwind_records.h"

#include <cstdint>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/link_graph.h"

namespace relink {
namespace {

absl::StatusOr<LinkGraph> Graph() {
  return ParseGraph(R"(
    module a depth=functions
    section f function size=8 home=0x1000 fde=0x2010+0x10
    section g function size=8 home=0x1008 fde=0x2020+0x10
    section h function size=8 home=0x1010
    section far function size=8 home=0x1018 fde=0x9000+0x10
    section .eh_frame rodata size=0x40 home=0x2000
      +8 R_X86_64_PC32 [h]
      +0x18 R_X86_64_PC32 [f]
      +0x28 R_X86_64_PC32 [g]
      +0x2c R_X86_64_PC32 [.eh_frame]
      +0x38 R_X86_64_PC32 [h]
    section .data data size=8 home=0x3000
  )");
}

TEST(UnwindRecords, AreWhereTheFileHasThem) {
  const absl::StatusOr<LinkGraph> graph = Graph();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const UnwindRecords records(*graph);
  const UnwindRecord g = records.Of(SectionId(1));
  EXPECT_EQ(g.section_id, SectionId(4));
  EXPECT_EQ(g.offset, 0x20u);
  EXPECT_EQ(g.size, 0x10u);
  EXPECT_EQ(records.FixupsOf(g).size(), 2u);
  EXPECT_EQ(records.FixupsOf(records.Of(SectionId(0))).size(), 1u);
}

TEST(UnwindRecords, AreNotOfEveryFunction) {
  const absl::StatusOr<LinkGraph> graph = Graph();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const UnwindRecords records(*graph);
  for (const uint32_t id : {2, 3, 5}) {
    EXPECT_FALSE(records.Of(SectionId(id)).section_id.has_value()) << id;
    EXPECT_TRUE(records.FixupsOf(records.Of(SectionId(id))).empty());
  }
}

TEST(UnwindRecords, KnowWhatBelongsToAFunction) {
  const absl::StatusOr<LinkGraph> graph = Graph();
  ASSERT_TRUE(graph.ok()) << graph.status();
  const UnwindRecords records(*graph);
  const SectionId table(4);
  EXPECT_FALSE(records.IsOfFunction(table, 0xf));
  EXPECT_TRUE(records.IsOfFunction(table, 0x10));
  EXPECT_TRUE(records.IsOfFunction(table, 0x2f));
  EXPECT_FALSE(records.IsOfFunction(table, 0x30));
  EXPECT_FALSE(records.IsOfFunction(SectionId(5), 0));
}

}  // namespace
}  // namespace relink
