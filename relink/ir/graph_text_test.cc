// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Printing and parsing are each other's inverse. Every test of one is one of
// the other.

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/graph_parser.h"
#include "relink/ir/graph_printer.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

// A text that says everything that the text form can say, as it is printed.
std::string Everything() {
  std::ifstream file(TestdataPath("graphs/seed_everything.txt"));
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string PrintedAgain(absl::string_view text) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(text);
  return graph.ok() ? PrintGraph(*graph) : graph.status().ToString();
}

std::string ErrorOf(absl::string_view text) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(text);
  if (graph.ok()) return "parsed";
  EXPECT_TRUE(absl::IsInvalidArgument(graph.status()));
  return std::string(graph.status().message());
}

TEST(GraphText, IsPrintedAsItWasParsed) {
  const std::string text = Everything();
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(PrintedAgain(text), text);
}

TEST(GraphText, OfAnEmptyGraphIsEmpty) {
  EXPECT_EQ(PrintGraph(LinkGraph()), "");
  const absl::StatusOr<LinkGraph> graph = ParseGraph("");
  ASSERT_TRUE(graph.ok());
  EXPECT_FALSE(graph->root_id.has_value());
}

TEST(GraphText, KeepsModules) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(Everything());
  ASSERT_TRUE(graph.ok()) << graph.status();
  ASSERT_EQ(graph->modules.size(), 2u);
  EXPECT_EQ(graph->root_id, ModuleId(0));
  const Module& module = graph->modules[ModuleId(0)];
  EXPECT_EQ(module.name(), "liba.so");
  EXPECT_EQ(module.target, &HostTarget());
  EXPECT_EQ(module.kind, ModuleKind::kExecutable);
  EXPECT_FALSE(module.position_independent);
  EXPECT_EQ(module.entry, LinkAddr(0x1000));
  EXPECT_EQ(module.soname, "liba.so.1");
  EXPECT_EQ(module.interpreter, "/lib64/ld.so");
  EXPECT_EQ(module.rpath, "$ORIGIN/../a");
  EXPECT_EQ(module.runpath, "/opt/b");
  EXPECT_EQ(module.dynamic_table, (LinkRange{LinkAddr(0x3000), 0x100}));
  EXPECT_EQ(module.relro, (LinkRange{LinkAddr(0x3000), 0x1000}));
  EXPECT_EQ(module.eh_frame_hdr, (LinkRange{LinkAddr(0x2100), 0x20}));
  EXPECT_EQ(module.depth, OpenDepth::kFunctions);
  EXPECT_EQ(module.capability, Capability::kReorderable);
  EXPECT_EQ(module.materialization, Materialization::kArenas);

  ASSERT_EQ(module.segments.size(), 2u);
  EXPECT_TRUE(module.segments[0].executable);
  EXPECT_TRUE(module.segments[1].writable);
  EXPECT_EQ(module.segments[1].file, (FileRange{FileOffset(0x2000), 0x200}));
  EXPECT_EQ(module.segments[1].alignment, 0x1000u);
  ASSERT_TRUE(module.tls.has_value());
  EXPECT_EQ(module.tls->size, 0x20u);
  EXPECT_EQ(module.tls->alignment, 8u);

  EXPECT_EQ(module.dynamic.jmprel.size, 0x18u);
  EXPECT_FALSE(module.dynamic.jmprel_is_rela);
  EXPECT_EQ(module.dynamic.flags_1, 1u);
  EXPECT_EQ(graph->modules[ModuleId(1)].dynamic.soname,
            elf::Dynamic::kNoString);

  ASSERT_EQ(module.dependencies.size(), 2u);
  EXPECT_EQ(module.dependencies[0].module_id, ModuleId(1));
  EXPECT_FALSE(module.dependencies[0].external_id.has_value());
  EXPECT_EQ(module.dependencies[1].external_id, ExternalId(0));

  ASSERT_EQ(module.functions.size(), 2u);
  EXPECT_EQ(module.functions[0].pinned, "an indirect jump");
  EXPECT_TRUE(module.functions[0].falls_through);
  EXPECT_EQ(module.functions[1].name, "");
  ASSERT_EQ(module.jump_tables.size(), 1u);
  EXPECT_EQ(module.jump_tables[0].function, 1u);
  EXPECT_EQ(module.jump_tables[0].reference, LinkAddr(0x1012));
}

TEST(GraphText, KeepsSections) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(Everything());
  ASSERT_TRUE(graph.ok()) << graph.status();
  const Section& text = graph->sections[SectionId(0)];
  EXPECT_TRUE(text.split);
  EXPECT_EQ(text.home, (LinkRange{LinkAddr(0x1000), 0x20}));
  EXPECT_FALSE(text.symbol_id.has_value());
  const Section& f = graph->sections[SectionId(1)];
  EXPECT_EQ(f.kind, SectionKind::kFunction);
  EXPECT_EQ(f.parent_id, SectionId(0));
  EXPECT_EQ(f.weight, 2.5);
  EXPECT_EQ(f.arena_id, ArenaId(0));
  EXPECT_EQ(f.contents.size(), 16u);
  EXPECT_EQ(f.contents.bytes()[15], std::byte{0xc3});
  EXPECT_EQ(graph->symbols[f.symbol_id].visibility, 2);
  const Section& rodata = graph->sections[SectionId(3)];
  EXPECT_EQ(rodata.memory_class, MemoryClass::kReadOnly);
  EXPECT_EQ(rodata.size, 64u);
  EXPECT_EQ(rodata.contents.size(), 35u);
  const Section& table = graph->sections[SectionId(4)];
  EXPECT_EQ(table.owner_id, SectionId(1));
  EXPECT_EQ(table.home, (LinkRange{LinkAddr(0x1800), 0x10}));
  EXPECT_EQ(graph->sections[SectionId(5)].pinned_at, LinkAddr(0x1004));
  EXPECT_EQ(graph->sections[SectionId(9)].module_id, ModuleId(0));
  EXPECT_EQ(
      graph->modules[ModuleId(0)].sections,
      (std::vector{SectionId(0), SectionId(3), SectionId(5), SectionId(6)}));
  EXPECT_EQ(graph->modules[ModuleId(1)].sections,
            (std::vector{SectionId(8), SectionId(7)}));
}

TEST(GraphText, KeepsFixups) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(Everything());
  ASSERT_TRUE(graph.ok()) << graph.status();
  const std::vector<Fixup>& fixups = graph->sections[SectionId(1)].fixups;
  ASSERT_EQ(fixups.size(), 3u);
  EXPECT_EQ(fixups[0].offset, 1u);
  EXPECT_EQ(fixups[0].origin, FixupOrigin::kDynamic);
  EXPECT_EQ(fixups[0].rule, HostTarget().FindRule("R_X86_64_PLT32"));
  EXPECT_EQ(fixups[0].addend, -4);
  EXPECT_EQ(graph->symbols[fixups[0].target].name, "puts");
  EXPECT_EQ(fixups[1].target, graph->sections[SectionId(3)].symbol_id);
  EXPECT_EQ(fixups[1].addend, 16);
  EXPECT_EQ(fixups[1].origin, FixupOrigin::kRecovered);
  EXPECT_EQ(fixups[2].origin, FixupOrigin::kRetained);
}

TEST(GraphText, KeepsSymbols) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(Everything());
  ASSERT_TRUE(graph.ok()) << graph.status();
  const Symbol& nowhere = graph->symbols[SymbolId(0)];
  EXPECT_EQ(nowhere.name, "nowhere");
  EXPECT_FALSE(nowhere.module_id.has_value());
  const Symbol& external = graph->symbols[SymbolId(2)];
  EXPECT_EQ(std::get<External>(external.definition).address,
            RuntimeAddr(0x7ffff7fd0000));
  const Symbol& f = graph->symbols[SymbolId(3)];
  EXPECT_EQ(f.type, 2);
  EXPECT_EQ(f.bind, 1);
  EXPECT_EQ(f.visibility, 3);
  EXPECT_TRUE(f.exported);
  EXPECT_EQ(f.size, 16u);
  EXPECT_EQ(f.dynamic_index, 4u);
  const Symbol& weak = graph->symbols[SymbolId(4)];
  EXPECT_EQ(std::get<InSection>(weak.definition), (InSection{SectionId(1), 4}));
}

TEST(GraphText, LeavesOutWhatIsUsual) {
  const absl::StatusOr<LinkGraph> graph = ParseGraph(R"(
    # The beginning of a line does not matter.
    module a depth=fixups
    section .text size=8   # Code, unless it says otherwise.
    section .gone size=8 dead
    section .rodata rodata size=8
  )");
  ASSERT_TRUE(graph.ok()) << graph.status();
  EXPECT_EQ(graph->root_id, ModuleId(0));
  EXPECT_EQ(graph->order, (std::vector{SectionId(0), SectionId(2)}));
  EXPECT_EQ(graph->sections[SectionId(0)].symbol_id, SymbolId(0));
  EXPECT_EQ(graph->modules[ModuleId(0)].sections.size(), 3u);
}

TEST(GraphText, TellsApartWhatHasNoNameOrTheSame) {
  constexpr absl::string_view kText = R"(module %m0 name=a
section %s0 name=f size=1
  symbol %y0 name=local
section %s1 name=f size=1
  symbol %y1 name=local
  symbol %y2 +1
  +0 R_X86_64_8 %y1
  +1 R_X86_64_8 [%s0]
  +2 R_X86_64_8 %y2
module %m1 name=a
arena %a0
order: %s1 %s0
)";
  EXPECT_EQ(PrintedAgain(kText), kText);
}

TEST(GraphText, TakesASymbolsNameForThatOfTheSameModule) {
  constexpr absl::string_view kText = R"(module a
  undefined f
section s size=3
  +0 R_X86_64_8 f
  +1 R_X86_64_8 g
  +2 R_X86_64_8 %y4
module b
section t size=1
  symbol f
  symbol g
  symbol %y4 name=h
  +0 R_X86_64_8 f
module c
  undefined h
order: s t
)";
  EXPECT_EQ(PrintedAgain(kText), kText);
  const absl::StatusOr<LinkGraph> graph = ParseGraph(kText);
  ASSERT_TRUE(graph.ok()) << graph.status();
  const auto target = [&](uint32_t section, size_t fixup) {
    return graph->sections[SectionId(section)].fixups[fixup].target;
  };
  EXPECT_NE(target(0, 0), target(1, 0));
  EXPECT_EQ(graph->symbols[target(0, 0)].module_id, ModuleId(0));
  EXPECT_EQ(graph->symbols[target(1, 0)].module_id, ModuleId(1));
}

TEST(GraphText, ReadsLabelsOfAnyName) {
  EXPECT_EQ(PrintedAgain("module a\nsection %first size=1\nsection b size=1\n"
                         "order: b %first\n"),
            "module a\nsection %s0 size=1\nsection b size=1\norder: b %s0\n");
}

TEST(GraphText, QuotesNamesThatAreNoWords) {
  constexpr absl::string_view kText =
      "module \"libstdc++.so.6\" soname=\"a \\\"b\\\" \\\\ \\x0a\\xff\"\n"
      "section .note.ABI-tag size=1\n"
      "  symbol \"none\"\n"
      "  symbol \"f(int)\"\n"
      "  symbol \"0\"\n"
      "  +0 R_X86_64_8 \"none\"\n"
      "  +1 R_X86_64_8 none\n"
      "order: .note.ABI-tag\n";
  std::string text(kText);
  // Only a reference could be taken for nothing.
  text.replace(text.find("symbol \"none\""), 13, "symbol none");
  EXPECT_EQ(PrintedAgain(kText), text);
  EXPECT_EQ(PrintedAgain(text), text);
}

TEST(GraphText, KeepsEveryAddend) {
  const std::string text =
      "module a\nsection .text size=0x10\n"
      "  +0 R_X86_64_8 [.text]-0x8000000000000000\n"
      "  +1 R_X86_64_8 [.text]+0x7fffffffffffffff\n"
      "order: .text\n";
  EXPECT_EQ(PrintedAgain(text), text);
}

TEST(GraphText, KeepsEveryWeight) {
  for (const double weight : {1e-300, 1.0 / 3, 1e20, 123456789.0, -2.0}) {
    LinkGraph graph;
    graph.modules.Add(Module(ModuleSource::FromMemory({}, "a"), HostTarget()));
    Section section;
    section.module_id = ModuleId(0);
    section.weight = weight;
    graph.sections.Add(std::move(section));
    const absl::StatusOr<LinkGraph> parsed = ParseGraph(PrintGraph(graph));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    EXPECT_EQ(parsed->sections[SectionId(0)].weight, weight);
  }
}

TEST(GraphText, WrapsLongLists) {
  std::string text = "module a\n";
  std::string names;
  for (int i = 0; i < 30; ++i) {
    absl::StrAppend(&text, "section name", i, " size=1\n");
  }
  const std::string printed = PrintedAgain(text);
  size_t lines = 0;
  for (size_t at = printed.find("order:"); at != std::string::npos;
       at = printed.find("order:", at + 1)) {
    const size_t end = printed.find('\n', at);
    EXPECT_LE(end - at, 80u);
    ++lines;
  }
  EXPECT_EQ(lines, 3u);
  EXPECT_EQ(PrintedAgain(printed), printed);
}

TEST(GraphText, OfABrokenGraphIsPrinted) {
  LinkGraph graph;
  graph.modules.Add(Module(ModuleSource::FromMemory({}, "a"), HostTarget()));
  graph.root_id = ModuleId(7);
  Section section;
  section.module_id = ModuleId(0);
  section.symbol_id = SymbolId(9);
  section.parent_id = SectionId(5);
  Fixup& fixup = section.fixups.emplace_back();
  fixup.offset = 1;
  fixup.target = SymbolId(8);
  graph.sections.Add(std::move(section));
  Symbol symbol;
  symbol.definition = InSection{SectionId(3)};
  graph.symbols.Add(symbol);
  graph.order = {SectionId(4)};
  EXPECT_EQ(PrintGraph(graph),
            "  undefined %y0\n"
            "module a\n"
            "  sections:\n"
            "section %s0 parent=none symbol=none\n"
            "  +1 unknown none\n"
            "root none\n"
            "order: none\n");
}

TEST(GraphText, SaysWhereItIsMalformedAndWhatWasExpected) {
  const std::pair<absl::string_view, absl::string_view> kCases[] = {
      {"modul a",
       "line 1, column 1: expected the beginning of a statement, "
       "found 'modul'"},
      {"module",
       "line 1, column 7: expected a name, found the end of the line"},
      {"module a b", "line 1, column 10: 'b' is no attribute of a module"},
      {"module a fixed=1",
       "line 1, column 10: 'fixed' is no attribute of a module with a value"},
      {"module a entry",
       "line 1, column 10: 'entry' is no attribute of a module"},
      {"module a 5",
       "line 1, column 10: expected an attribute of a module, found '5'"},
      {"module a target=vax", "line 1, column 20: no target vax"},
      {"module a entry=0xg",
       "line 1, column 16: expected a number of 64 bits, found '0xg'"},
      {"module a entry=0x10000000000000000",
       "line 1, column 16: expected a number of 64 bits, found "
       "'0x10000000000000000'"},
      {"module a depth=deep",
       "line 1, column 16: expected closed, sections, symbols, fixups, "
       "functions, found 'deep'"},
      {"\n\nmodule a\n  segment 0x10",
       "line 4, column 15: expected '+', found the end of the line"},
      {"segment 0+1",
       "line 1, column 9: expected the line of a module before this one, "
       "found '0'"},
      {"module a\n+0 R_X86_64_8 none",
       "line 2, column 1: expected the line of a section before this one, "
       "found '+'"},
      {"module a \"b",
       "line 1, column 10: expected an attribute of a module, "
       "found a text that does not end or has a bad escape"},
      {"module \"\\q\"",
       "line 1, column 9: expected a name, found a text that "
       "does not end or has a bad escape"},
      {"module a\nsection %x\nsection %x",
       "line 3, column 9: label %x is defined already in line 2"},
      {"module a\nsection b\n+0 R_X86_64_PC33 none",
       "line 3, column 4: x86_64 has no R_X86_64_PC33"},
      {"module a\nsection b\n+0 R_X86_64_8 c",
       "line 3, column 15: no symbol c"},
      {"module a\nsection b\n+0 R_X86_64_8 [c]",
       "line 3, column 16: no section c"},
      {"module a\nsection b\n+0 R_X86_64_8 %c",
       "line 3, column 15: no symbol %c"},
      {"module a\nsection b symbol=none\n+0 R_X86_64_8 [b]",
       "line 3, column 16: no section with a symbol of its own"},
      {"module a\nsection b\nsymbol c\nsymbol c\n+0 R_X86_64_8 c",
       "line 5, column 15: more than one symbol c: refer to it by a label (as "
       "in line 3: %label name=c)"},
      {"module a\nsection b\n+0x40000000 R_X86_64_8 b",
       "line 3, column 2: no fixup is that far from the beginning"},
      {"module a\nsection b\n+0 R_X86_64_8 none somehow",
       "line 3, column 20: expected dynamic, retained, recovered, made, found "
       "'somehow'"},
      {"module a\nsection b\n0: 12 3",
       "line 3, column 4: expected bytes of two hexadecimal digits"},
      {"module a\nsection b\n0: 12 34\n3: 56",
       "line 4, column 1: expected the bytes at 0x2"},
      {"module a\nsection b\n0: zeros 0x1000000000",
       "line 3, column 10: more zeros than are allowed"},
      {"module a\nsection b weight=x",
       "line 2, column 18: expected a number, found 'x'"},
      {"module a\nsection b\norder: b c", "line 3, column 10: no section c"},
      {"in a\nmodule a",
       "line 1, column 5: the module is defined further down"},
  };
  for (const auto& [text, error] : kCases) {
    EXPECT_EQ(ErrorOf(text), error) << text;
  }
}

}  // namespace
}  // namespace relink
