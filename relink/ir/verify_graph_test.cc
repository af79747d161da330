// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/verify_graph.h"

#include <limits>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/ir/graph_builder.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/link_graph.h"

namespace relink {
namespace {

// What the verifier says of the graph whose text form is `text`.
std::string Verified(absl::string_view text) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(text);
  if (!graph.ok()) return graph.status().ToString();
  const absl::Status status = VerifyGraph(*graph);
  if (status.ok()) return "good";
  EXPECT_TRUE(absl::IsInternal(status));
  return std::string(status.message());
}

// The same, of sections of a module that may be placed anywhere.
std::string VerifiedSections(absl::string_view text) {
  return Verified(
      absl::StrCat("module a depth=functions capability=Reorderable "
                   "materialization=Arenas\n",
                   text));
}

TEST(VerifyGraph, TakesAnEmptyGraph) {
  EXPECT_TRUE(VerifyGraph(LinkGraph()).ok());
}

TEST(VerifyGraph, TakesWhatIsWellFormed) {
  EXPECT_EQ(Verified(R"(
    module liba.so depth=functions capability=Reorderable materialization=Arenas
      segment 0x1000+0x100
      segment 0x1100+0x100
      needs libb.so module=libb.so
      needs libc.so external=1
      function f 0x1000+0x10
      function g 0x1010+0x10
      jump-table 0x2000+4 function=1
      undefined puts
    section .text size=0x20 home=0x1000 split
    section f function size=0x10 home=0x1000 parent=.text arena=hot
      symbol f exported
      symbol f_end +0x10
      +1 R_X86_64_PLT32 puts-4
      +5 R_X86_64_PC32 [table]-4
    section g function size=0x10 home=0x1010 parent=.text
    section .rodata rodata size=8 home=0x2000
    section table jump-table rodata size=4 owner=f home=0x2000 parent=.rodata arena=tables
    section .got relro size=0x10 home=0x3000
      +0 R_X86_64_TLSDESC none
    arena hot
    arena tables rodata
    order: g f .rodata .got table
    call f g weight=1
    call g f weight=1
    module libb.so
  )"),
            "good");
}

TEST(VerifyGraph, TakesWhatTheBuilderMakes) {
  const LinkGraph graph = GraphBuilder()
                              .Module("a")
                              .Function("f", 16)
                              .Symbol("f")
                              .Calls("g", 2)
                              .Calls("puts")
                              .JumpTable("table", 8)
                              .Function("g", 8)
                              .Symbol("g")
                              .TakesAddressOf("x")
                              .Data("x", 8)
                              .Symbol("x")
                              .PointsTo("f")
                              .Build();
  EXPECT_TRUE(VerifyGraph(graph).ok()) << VerifyGraph(graph);
  EXPECT_EQ(graph.calls.size(), 1u);
  EXPECT_EQ(graph.order.size(), 4u);
}

TEST(VerifyGraph, SaysWhatIsWrongWithAModule) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"module a\nroot none", "the root is no module of the graph"},
      {"module a\nsegment 0+0x10\nsegment 8+8",
       "a: segment 1 is not behind the one before"},
      {"module a\nneeds b",
       "a: dependency b is not resolved to exactly one module"},
      {"module a\nneeds b module=a external=1",
       "a: dependency b is not resolved to exactly one module"},
      {"module a depth=fixups\nfunction f 0+1",
       "a: has functions, but is opened to fixups"},
      {"module a depth=functions\nfunction f 0+0x10\nfunction g 8+8",
       "a: function 1 at 0x8 is not behind the one before"},
      {"module a depth=functions\nfunction f 0+8\njump-table 0x10+4 function=1",
       "a: jump table at 0x10 is of no function"},
      {"module a capability=Overlayable materialization=Arenas",
       "a: is Overlayable, which is too little for Arenas"},
      {"module a capability=Sectioned materialization=Overlay",
       "a: is Sectioned, which is too little for Overlay"},
      {"module a depth=sections\nsections: b b\nsection b\nsection c",
       "a: does not list each of its sections once"},
      {"module a depth=sections\nsections: b\nsection b\nsection c",
       "a: does not list each of its sections once"},
      {"module a depth=sections\nsections: b c\nsection b\nsection c made\n"
       "section d",
       "a: lists section 1, which is none of its own"},
      {"module a depth=sections\nsections: c b\nsection b home=1\n"
       "section c home=2",
       "a: lists its sections out of order"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(Verified(text), error) << text;
  }
}

TEST(VerifyGraph, SaysWhatIsWrongWithASection) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"in none\nsection b", "b: belongs to no module"},
      {"module c\nsection b", "c: b: its module is closed"},
      {"section b align=3", "a: b: alignment 3 is not a power of two"},
      {"section b align=0", "a: b: alignment 0 is not a power of two"},
      {"section \"\" size=1\n0: 00 00",
       "a: section 0: has 0x2 bytes of contents in a size of 0x1"},
      {"section b weight=-1", "a: b: weight is negative, or no number"},
      {"section b function data", "a: b: a function of class data"},
      {"section b symbol=none", "a: b: has no symbol at its beginning"},
      {"section b symbol=c\nsymbol c",
       "a: b: its symbol has a name or is not at its beginning"},
      {"section b symbol=%c size=2\nsymbol %c +1",
       "a: b: its symbol has a name or is not at its beginning"},
      {"section b parent=c\nmodule d depth=sections\nsection c split",
       "a: b: its parent is in another module"},
      {"section b parent=c size=2 home=0\nsection c size=1 home=1 split",
       "a: b: its home is not in its parent's"},
      {"section b parent=c\nsection c", "a: b: its parent is not split"},
      {"section c size=8 home=0 split\n"
       "section b parent=c size=4 home=0\nsection d parent=c size=4 home=2",
       "a: d: does not begin at 0x4, where the part before it ends"},
      {"section c size=8 home=0 split\n"
       "section b parent=c size=4 home=0\nsection d parent=c size=2 home=6",
       "a: d: does not begin at 0x4, where the part before it ends"},
      {"section c size=8 home=0 split\nsection b parent=c size=4 home=0",
       "a: c: was split, but from 0x4 on nothing stands for it"},
      {"section c size=8 home=0 split",
       "a: c: was split, but from 0x0 on nothing stands for it"},
      {"section b jump-table rodata", "a: b: a jump table without an owner"},
      {"section b owner=b", "a: b: has an owner, but is no jump table"},
      {"section b jump-table rodata owner=c\nsection c",
       "a: b: its owner is no function"},
      {"section b jump-table rodata owner=c\n"
       "module d depth=sections\nsection c function",
       "a: b: its owner is in another module"},
      {"section b jump-table rodata owner=c\nsection c function dead",
       "a: b: its owner is dead"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(VerifiedSections(text), error) << text;
  }
}

TEST(VerifyGraph, SaysWhatIsWrongWithAPlace) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"section b arena=c pinned=\"it is looked at\"\narena c",
       "a: b: is in arena c, but pinned: it is looked at"},
      {"section b arena=c dead\narena c", "a: b: is in arena c, but not live"},
      {"section b data arena=c\narena c",
       "a: b: data in arena c, which is of class code"},
      {"section b jump-table rodata owner=d\nsection d function arena=c\n"
       "arena c",
       "a: b: it or its owner is placed without the other"},
      {"module d depth=sections\nsection b arena=c\narena c",
       "d: b: is in arena c, but its module stays whole"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(VerifiedSections(text), error) << text;
  }
}

TEST(VerifyGraph, SaysWhatIsWrongWithAFixup) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"+0 unknown b",
       "fixup 0 at 0x0: its rule is none of the module's "
       "target"},
      {"+0 R_X86_64_PC32 b\n+3 R_X86_64_8 b",
       "fixup 1 at 0x3: is before the end of the one before it"},
      {"+4 R_X86_64_8 b\n+3 R_X86_64_8 b",
       "fixup 1 at 0x3: is before the end of the one before it"},
      {"+0xd R_X86_64_PC32 b",
       "fixup 0 at 0xd: reaches past the end of the section"},
      {"+8 R_X86_64_TLSDESC b",
       "fixup 0 at 0x8: reaches past the end of the section"},
      {"+0 R_X86_64_PC32 none", "fixup 0 at 0x0: refers to no symbol"},
      {"+0 R_X86_64_PC32 [d]", "fixup 0 at 0x0: refers to a dead section"},
      {"+0 R_X86_64_PC32 [s]",
       "fixup 0 at 0x0: refers to a section that was split"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(
        VerifiedSections(absl::StrCat("section c size=0x10\nsymbol b\n", text,
                                      "\nsection d dead\nsection s split\n")),
        absl::StrCat("a: c: ", error))
        << text;
  }
}

TEST(VerifyGraph, SaysWhatIsWrongWithASymbol) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"in none\nundefined b", "symbol 0, b: belongs to no module"},
      {"section c size=4\nsymbol b +5", "symbol 0, b: is past the end of a: c"},
      {"section c dead\nsymbol b exported",
       "symbol 0, b: may be asked for, but a: c is dead"},
      {"section c split\nsymbol b exported",
       "symbol 0, b: may be asked for, but a: c was split"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(VerifiedSections(text), error) << text;
  }
}

TEST(VerifyGraph, SaysWhatIsWrongWithSamples) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"sample b offset=7 weight=1\nsample c weight=2", "good"},
      {"sample none", "samples: section 4294967295 is not in the graph"},
      {"sample b offset=8", "samples: 0x8 is outside of a: b"},
      {"sample b weight=-1",
       "samples: of a: b: weight is negative, or no number"},
      {"sample b offset=1\nsample b offset=1",
       "samples: of a: b do not ascend"},
      {"sample c\nsample b", "samples: of a: b do not ascend"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(VerifiedSections(
                  absl::StrCat("section b size=8\nsection c size=8\n", text)),
              error)
        << text;
  }
}

TEST(VerifyGraph, SaysWhatDoesNotFollow) {
  const std::string error = "a: c: does not follow what runs on into it";
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"arena=hot follows home=0x1008", "good"},
      {"follows home=0x1008", error},
      {"arena=hot follows home=0x1009", error},
      {"arena=hot align=2 follows home=0x1008", error},
      {"arena=hot follows home=0x1008\norder: c b", error},
  };
  for (const auto& [text, expected] : kCases) {
    EXPECT_EQ(
        VerifiedSections(absl::StrCat("section b size=8 arena=hot home=0x1000\n"
                                      "section c size=8 ",
                                      text, "\narena hot code")),
        expected)
        << text;
  }
}

TEST(VerifyGraph, SaysWhatIsWrongWithTheOrderAndCalls) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"order: b c", "order: a: d is missing"},
      {"order: b c d b", "order: a: b comes twice"},
      {"order: b c e d", "order: a: e is dead"},
      {"order: b c d none", "order: section 4294967295 is not in the graph"},
      {"call b c\ncall c b\ncall b c", "calls: from a: b to a: c come twice"},
      {"call b c weight=-1",
       "calls: from a: b: weight is negative, or no number"},
      {"call b none", "calls: section 4294967295 is not in the graph"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(VerifiedSections(absl::StrCat(
                  "section b\nsection c\nsection d\nsection e dead\n", text)),
              error)
        << text;
  }
}

TEST(VerifyGraph, FindsIdsThatNameNothing) {
  const auto verified = [](auto change) {
    LinkGraph graph = GraphBuilder()
                          .Module("a")
                          .Function("f", 16)
                          .Calls("g")
                          .JumpTable("t", 4)
                          .Function("g", 4)
                          .Symbol("g")
                          .Build();
    change(graph);
    return std::string(VerifyGraph(graph).message());
  };
  EXPECT_EQ(verified([](LinkGraph& graph) {
              graph.sections[SectionId(0)].fixups[0].target = SymbolId(99);
            }),
            "a: f: fixup 0 at 0x1: refers to no symbol");
  EXPECT_EQ(verified([](LinkGraph& graph) {
              graph.sections[SectionId(0)].parent_id = SectionId(99);
            }),
            "a: f: its parent does not exist");
  EXPECT_EQ(verified([](LinkGraph& graph) {
              graph.sections[SectionId(1)].owner_id = SectionId(99);
            }),
            "a: t: its owner does not exist");
  EXPECT_EQ(verified([](LinkGraph& graph) {
              graph.sections[SectionId(0)].arena_id = ArenaId(0);
            }),
            "a: f: its arena does not exist");
  EXPECT_EQ(verified([](LinkGraph& graph) {
              graph.symbols[SymbolId(0)].definition = InSection{SectionId(99)};
            }),
            "a: f: its symbol has a name or is not at its beginning");
  EXPECT_EQ(verified([](LinkGraph& graph) {
              graph.modules[ModuleId(0)].dependencies.push_back(
                  {.name = "b", .module_id = ModuleId(9)});
            }),
            "a: dependency b is no module of the graph");
  EXPECT_EQ(verified([](LinkGraph& graph) {
              graph.sections[SectionId(0)].weight =
                  std::numeric_limits<double>::quiet_NaN();
            }),
            "a: f: weight is negative, or no number");
}

}  // namespace
}  // namespace relink
