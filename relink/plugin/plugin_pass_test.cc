// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "relink/pass/remark.h"
#include "relink/plugin/plugin_fixture.h"
#include "relink/plugin/relink_pass_plugin.hpp"

// Passes as plugins write them, over graphs as text.

namespace relink {
namespace {

// Runs what a test says, as a pass of a plugin.
template <typename Unit>
struct Do {
  static constexpr plugin::Text kName = "do";
  static std::function<void(Unit&)> what;
  void Run(Unit& unit) const { what(unit); }
};
template <typename Unit>
std::function<void(Unit&)> Do<Unit>::what;

using GraphPass = Do<plugin::Graph>;

// What `pass` changes of the graph's text, or its error.
std::string ChangeOf(std::function<void(plugin::Graph&)> pass) {
  GraphPass::what = std::move(pass);
  return PluginRun<GraphPass>().Change("do");
}

TEST(PluginPass, ReadsTheGraph) {
  EXPECT_EQ(
      ChangeOf([](plugin::Graph& graph) {
        EXPECT_EQ(graph.module_count(), 1);
        EXPECT_EQ(graph.section_count(), 4);
        EXPECT_EQ(graph.module_name(0), "a.so");
        EXPECT_EQ(graph.module(0).capability, RELINK_OVERLAYABLE);
        EXPECT_EQ(graph.module(0).depth, RELINK_FUNCTIONS);
        EXPECT_EQ(graph.module_sections(0), (std::vector<plugin::Id>{0, 3}));
        EXPECT_EQ(graph.order(), (std::vector<plugin::Id>{1, 2, 3}));
        EXPECT_EQ(plugin::View(graph.function(0, 1).name), "g");
        EXPECT_EQ(graph.function(0, 1).begin, 0x1010);
        const plugin::Section g = graph.section(2);
        EXPECT_EQ(plugin::View(g.name), "g");
        EXPECT_EQ(g.kind, RELINK_KIND_FUNCTION);
        EXPECT_EQ(g.memory_class, RELINK_CODE);
        EXPECT_EQ(g.weight, 8);
        EXPECT_EQ(g.arena, plugin::kNone);
        EXPECT_EQ(g.parent, 0);
        EXPECT_EQ(g.home, 0x1010);
        EXPECT_TRUE(g.live);
        EXPECT_EQ(graph.bytes(2)[0], 0xc3);
        EXPECT_TRUE(graph.section(0).split);
        ASSERT_EQ(graph.section(1).fixups, 1);
        const plugin::Fixup fixup = graph.fixup(1, 0);
        EXPECT_EQ(plugin::View(fixup.name), "R_X86_64_PC32");
        EXPECT_EQ(fixup.addend, -4);
        EXPECT_EQ(graph.symbol(fixup.target).section, 3);
      }),
      "");
}

TEST(PluginPass, FailsOnWhatIsNotThere) {
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) { graph.section(4); }),
            "pass do: plugin test: no section 4: there are 4");
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) { graph.module(plugin::kNone); }),
            "pass do: plugin test: no module 4294967295: there are 1");
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) { graph.fixup(1, 1); }),
            "pass do: plugin test: no index 1: there are 1");
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) {
              graph.SetArena(1, 0);
              graph.section(9);  // The first error counts.
            }),
            "pass do: plugin test: no arena 0: there are 0");
}

TEST(PluginPass, ChangesOrderAndWeights) {
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) {
              graph.SetOrder(std::vector<plugin::Id>{2, 3, 1});
            }),
            "@@ -10,3 +10,3 @@\n"
            " section .data data size=8 home=0x3000\n"
            "   0: 01 02 03 04 05 06 07 08\n"
            "-order: f g .data\n"
            "+order: g .data f\n");
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) {
              graph.SetOrder(std::vector<plugin::Id>{2, 2, 1});
            }),
            "pass do: plugin test: the new order is no permutation");
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) { graph.SetWeight(1, -1); }),
            "pass do: plugin test: weight is negative, or no number");
}

TEST(PluginPass, PlacesSectionsInArenas) {
  PluginRun<GraphPass> run;
  GraphPass::what = [](plugin::Graph& graph) {
    graph.SetMaterialization(0, plugin::Materialization::kOverlay);
    const plugin::Id hot =
        graph.AddArena("hot", plugin::MemoryClass::kCode, true);
    graph.SetArena(2, hot);
    graph.SetAlignment(2, 64);
    graph.Pin(1, "is looked at");
  };
  ASSERT_TRUE(run.Run("do").ok());
  EXPECT_EQ(run.graph.arenas.size(), 1);
  EXPECT_TRUE(run.graph.arenas[ArenaId(0)].huge_pages);
  EXPECT_EQ(run.graph.sections[SectionId(2)].arena_id, ArenaId(0));
  EXPECT_EQ(run.graph.sections[SectionId(2)].alignment, 64);
  EXPECT_EQ(run.graph.sections[SectionId(1)].pinned, "is looked at");
  EXPECT_EQ(run.graph.modules[ModuleId(0)].materialization,
            Materialization::kOverlay);
}

TEST(PluginPass, ChangesBytesAndReferences) {
  PluginRun<GraphPass> run;
  GraphPass::what = [](plugin::Graph& graph) {
    const uint8_t nop[] = {0x90, 0x90};
    graph.Write(2, 0, {nop, 1});
    auto symbol = plugin::Sized<plugin::Symbol>();
    symbol.name = plugin::String("end");
    symbol.module = 0;
    symbol.definition = RELINK_IN_SECTION;
    symbol.section = 3;
    symbol.offset = 8;
    const plugin::Id end = graph.AddSymbol(symbol);
    auto fixup = plugin::Sized<plugin::Fixup>();
    fixup.offset = 12;
    fixup.target = end;
    fixup.relocation = 2;  // R_X86_64_PC32
    fixup.addend = -4;
    graph.AddFixup(1, fixup);
    fixup.offset = 0;
    graph.AddFixup(1, fixup);
    fixup = graph.fixup(1, 1);  // The one that was there.
    fixup.target = end;
    graph.SetFixup(1, 1, fixup);
  };
  ASSERT_EQ(run.Run("do"), absl::OkStatus());
  const Section& f = run.graph.sections[SectionId(1)];
  ASSERT_EQ(f.fixups.size(), 3);
  EXPECT_EQ(f.fixups[0].offset, 0);
  EXPECT_EQ(f.fixups[1].offset, 4);
  EXPECT_EQ(f.fixups[2].offset, 12);
  EXPECT_EQ(run.graph.symbols[f.fixups[1].target].name, "end");
  EXPECT_EQ(f.fixups[2].origin, FixupOrigin::kMade);
  EXPECT_EQ(run.graph.sections[SectionId(2)].contents.bytes()[0],
            std::byte{0x90});
}

TEST(PluginPass, AddsSections) {
  PluginRun<GraphPass> run;
  GraphPass::what = [](plugin::Graph& graph) {
    auto section = plugin::Sized<plugin::Section>();
    section.name = plugin::String("counters");
    section.module = 0;
    section.memory_class = RELINK_DATA;
    section.bytes = 16;
    section.alignment = 8;
    const plugin::Id id = graph.AddSection(section);
    graph.SetMaterialization(0, plugin::Materialization::kOverlay);
    graph.SetArena(id, graph.AddArena("new", plugin::MemoryClass::kData));
    graph.Write(id, 8, std::vector<uint8_t>{1});
    std::vector<plugin::Call> calls(3, plugin::Sized<plugin::Call>());
    calls[0].caller = 1;
    calls[0].callee = 2;
    calls[0].weight = 3;
    calls[1] = calls[0];
    calls[2].caller = 0;
    calls[2].callee = 1;
    graph.SetCalls(calls);
    EXPECT_EQ(graph.call(1).weight, 6);
  };
  ASSERT_EQ(run.Run("do"), absl::OkStatus());
  EXPECT_EQ(run.graph.order.back(), SectionId(4));
  EXPECT_EQ(run.graph.sections[SectionId(4)].name, "counters");
  EXPECT_EQ(run.graph.sections[SectionId(4)].kind, SectionKind::kMade);
  EXPECT_EQ(run.graph.calls.size(), 2);
}

TEST(PluginPass, RemovesSections) {
  PluginRun<GraphPass> run;
  GraphPass::what = [](plugin::Graph& graph) {
    graph.RemoveSections(std::vector<plugin::Id>{2});
  };
  ASSERT_EQ(run.Run("do"), absl::OkStatus());
  EXPECT_TRUE(run.graph.sections[SectionId(2)].dead);
  EXPECT_EQ(run.graph.order.size(), 2);
}

TEST(PluginPass, KeepsToTheBytesOfASection) {
  const std::vector<uint8_t> bytes(8);
  EXPECT_EQ(ChangeOf([&](plugin::Graph& graph) { graph.Write(3, 1, bytes); }),
            "pass do: plugin test: section 3 has 8 bytes, not 8 at 1");
  EXPECT_EQ(ChangeOf([&](plugin::Graph& graph) {
              graph.Write(3, UINT64_MAX, bytes);
            }),
            "pass do: plugin test: section 3 has 8 bytes, not 8 at "
            "18446744073709551615");
}

TEST(PluginPass, FailsWithWhatItSays) {
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) {
              graph.Fail(RELINK_NOT_FOUND, "no profile");
            }),
            "pass do: plugin test: no profile");
}

TEST(PluginPass, KeepsTheMessageOfACodeThatNobodyKnows) {
  GraphPass::what = [](plugin::Graph& graph) { graph.Fail(99, "odd"); };
  EXPECT_EQ(PluginRun<GraphPass>().Run("do"),
            absl::InternalError("pass do: plugin test: odd"));
}

TEST(PluginPass, FailsIfItThrows) {
  EXPECT_EQ(
      ChangeOf([](plugin::Graph&) { throw std::runtime_error("out of luck"); }),
      "pass do: plugin test: threw: out of luck");
  EXPECT_EQ(ChangeOf([](plugin::Graph&) { throw 1; }),
            "pass do: plugin test: threw something");
  GraphPass::what = [](plugin::Graph&) { throw 1; };
  EXPECT_TRUE(absl::IsInternal(PluginRun<GraphPass>().Run("do")));
}

TEST(PluginPass, FailsIfWhatItLeavesDoesNotHold) {
  EXPECT_EQ(ChangeOf([](plugin::Graph& graph) { graph.SetAlignment(1, 3); }),
            "pass do: plugin test: verifier: a.so: f: alignment 3 is not a "
            "power of two");
}

TEST(PluginPass, FailsWithACodeThatNobodyExplains) {
  struct Bare {
    static relink_code Register(const relink_host* host,
                                relink_registry* registry) {
      auto pass = plugin::Sized<relink_pass>();
      pass.name = plugin::String("bare");
      pass.run = [](const relink_host*, relink_run*, void*, void*) {
        return relink_code{99};
      };
      return host->add_pass(registry, &pass);
    }
  };
  PluginRun<> run;
  relink_pass_plugin info = InProcessPlugin<>();
  info.register_passes = Bare::Register;
  ASSERT_TRUE(RegisterPlugin(&info, nullptr, run.registry).ok());
  EXPECT_EQ(run.Run("bare"),
            absl::InternalError("pass bare: plugin test: error 99"));
}

struct Optional {
  static constexpr plugin::Text kName = "optional";
  static constexpr plugin::Option kOptions[] = {
      {"flag", plugin::OptionType::kFlag},
      {"integer", plugin::OptionType::kInteger, "-1"},
      {"size", plugin::OptionType::kSize, "2M"},
      {"real", plugin::OptionType::kReal, "0.5"},
      {"choice", plugin::OptionType::kChoice, "a", "", "a|b"},
      {"text", plugin::OptionType::kText, "none"},
      {"list", plugin::OptionType::kList, "[x,y]"},
  };
  std::string all;
  explicit Optional(const plugin::Options& options) {
    all = std::to_string(options.Flag("flag")) + " " +
          std::to_string(options.Integer("integer")) + " " +
          std::to_string(options.Size("size")) + " " +
          std::to_string(options.Real("real")) + " " +
          options.Choice("choice") + " " + options.String("text");
    for (const std::string& item : options.List("list")) all += " " + item;
    if (options.Given("text")) all += " given";
    if (options.Integer("integer") == 0) {
      options.Refuse("integer", "must not be 0");
    }
    if (options.String("text") == "fail") {
      options.Fail(RELINK_NOT_FOUND, "no such file");
    }
    if (options.String("text") == "throw") throw std::runtime_error("bad");
    if (options.String("text") == "ask") options.Flag("unknown");
  }
  void Run(plugin::Graph& graph) const {
    graph.Fail(RELINK_INVALID_ARGUMENT, all);
  }
};

TEST(PluginPass, HasOptions) {
  PluginRun<Optional> run;
  EXPECT_EQ(run.Change("optional"),
            "pass optional: plugin test: 0 -1 2097152 0.500000 a none x y");
  EXPECT_EQ(run.Change("optional<flag,integer=7,size=4K,real=2,choice=b,"
                       "text=\"a b\",list=[]>"),
            "pass optional: plugin test: 1 7 4096 2.000000 b a b given");
}

TEST(PluginPass, RefusesOptions) {
  PluginRun<Optional> run;
  EXPECT_EQ(run.Change("optional<integr=7>"),
            "line 1, column 10: unknown option integr; did you mean integer?\n"
            "  optional<integr=7>\n"
            "           ^~~~~~");
  EXPECT_EQ(run.Change("optional<integer=0>"),
            "line 1, column 18: integer: must not be 0\n"
            "  optional<integer=0>\n"
            "                   ^");
  EXPECT_EQ(run.Change("optional<text=fail>"),
            "line 1, column 1: optional: plugin test: no such file\n"
            "  optional<text=fail>\n"
            "  ^~~~~~~~");
  EXPECT_EQ(run.Change("optional<text=throw>"),
            "line 1, column 1: optional: plugin test: threw: bad\n"
            "  optional<text=throw>\n"
            "  ^~~~~~~~");
  EXPECT_EQ(run.Change("optional<text=ask>"),
            "line 1, column 1: optional: plugin test: no option unknown\n"
            "  optional<text=ask>\n"
            "  ^~~~~~~~");
}

TEST(PluginPass, RemarksAndCounts) {
  PluginRun<GraphPass> run;
  GraphPass::what = [](plugin::Graph& graph) {
    EXPECT_TRUE(graph.remarks_wanted());
    graph.Remark(plugin::RemarkKind::kRefused, 2, "is too hot");
    graph.Count("sections seen", 3);
  };
  ASSERT_TRUE(run.Run("do").ok());
  ASSERT_EQ(run.remarks.remarks().size(), 1);
  const CollectedRemarks::Kept& remark = run.remarks.remarks()[0];
  EXPECT_EQ(remark.pass, "do");
  EXPECT_EQ(remark.kind, RemarkKind::kRefused);
  EXPECT_EQ(remark.module, "a.so");
  EXPECT_EQ(remark.subject, "g");
  EXPECT_EQ(remark.address, "0x1010");
  EXPECT_EQ(remark.message, "is too hot");
  EXPECT_EQ(run.context.counters().Value("do", "sections seen"), 3);
}

TEST(PluginPass, RunsOverEachModule) {
  using ModulePass = Do<plugin::ModuleGraph>;
  PluginRun<ModulePass> run;
  run.graph = *ParseGraph("module a.so\nmodule b.so\n");
  std::string seen;
  ModulePass::what = [&](plugin::ModuleGraph& module) {
    seen += module.module_name(module.id());
  };
  ASSERT_TRUE(run.Run("module(do)").ok());
  EXPECT_EQ(seen, "a.sob.so");
}

struct NeedsAllReferences : GraphPass {
  static constexpr plugin::Text kName = "needs-all-references";
  static constexpr plugin::Capability kLeastCapability =
      plugin::Capability::kReorderable;
};

TEST(PluginPass, IsToldWhichModulesItCanWorkOn) {
  PluginRun<GraphPass, NeedsAllReferences> run;
  bool capable = false;
  GraphPass::what = [&](plugin::Graph& graph) { capable = graph.Provide(0); };
  ASSERT_TRUE(run.Run("do").ok());
  EXPECT_TRUE(capable);
  ASSERT_TRUE(run.Run("needs-all-references").ok());
  EXPECT_FALSE(capable);
  ASSERT_EQ(run.remarks.remarks().size(), 1);
  EXPECT_EQ(run.remarks.remarks()[0].message,
            "is Overlayable, must be Reorderable at least");
}

}  // namespace
}  // namespace relink
