// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A pass plugin: what is referred to from many places comes first, and gets
// memory of its own. An analysis, a transform and a placement pass.
//
//   g++ -std=c++20 -O2 -fPIC -shared -I PREFIX/include popular.cc -o popular.so

#include <algorithm>
#include <string>
#include <vector>

#include "relink/plugin/relink_pass_plugin.hpp"

namespace {

namespace rp = relink::plugin;

// From how many places other sections refer to each.
struct Popularity {
  static constexpr rp::Text kName = "popularity";
  static constexpr rp::Text kHelp = "how many references lead to each section";
  using Result = std::vector<size_t>;  // By section.

  Result Run(const rp::Graph& graph) const {
    Result references(graph.section_count());
    for (const rp::Id id : graph.order()) {
      const size_t fixups = graph.section(id).fixups;
      for (size_t i = 0; i < fixups; ++i) {
        const rp::Symbol target = graph.symbol(graph.fixup(id, i).target);
        if (target.definition == RELINK_IN_SECTION && target.section != id) {
          ++references[target.section];
        }
      }
    }
    return references;
  }

  static std::string Print(const Result& references) {
    const auto popular = std::ranges::max_element(references);
    return popular == references.end()
               ? "no sections"
               : "at most " + std::to_string(*popular) + " references";
  }
};

struct PopularFirst {
  static constexpr rp::Text kName = "popular-first";
  static constexpr rp::Text kHelp = "functions with most references come first";

  rp::Preserved Run(rp::Graph& graph) const {
    const Popularity::Result* references = graph.Get<Popularity>();
    if (references == nullptr) return rp::Preserved::None();
    std::vector<rp::Id> order = graph.order();
    const auto is_function = [&](rp::Id id) {
      return graph.section(id).kind == RELINK_KIND_FUNCTION;
    };
    const auto others =
        std::stable_partition(order.begin(), order.end(), is_function);
    std::stable_sort(order.begin(), others, [&](rp::Id a, rp::Id b) {
      return (*references)[a] > (*references)[b];
    });
    graph.SetOrder(order);
    return rp::Preserved::None().Preserve<Popularity>();
  }
};

// Copies popular functions of modules that allow it.
struct PopularArena {
  static constexpr rp::Text kName = "popular-arena";
  static constexpr rp::Text kHelp = "copy popular functions to an arena";
  static constexpr rp::Capability kLeastCapability =
      rp::Capability::kOverlayable;
  static constexpr rp::Option kOptions[] = {
      {"least", rp::OptionType::kInteger, "2", "references that it takes"},
      {"huge", rp::OptionType::kFlag, "", "use pages of 2 MiB"},
  };
  size_t least;
  bool huge;

  explicit PopularArena(const rp::Options& options)
      : least(static_cast<size_t>(options.Integer("least"))),
        huge(options.Flag("huge")) {
    if (options.Integer("least") < 1) {
      options.Refuse("least", "must be 1 at least");
    }
  }

  void Run(rp::Graph& graph) const {
    std::vector<bool> capable;  // By module. Opening one may change the graph.
    for (rp::Id id = 0; id < graph.module_count(); ++id) {
      capable.push_back(graph.Provide(id));
    }
    const Popularity::Result* references = graph.Get<Popularity>();
    if (references == nullptr) return;
    const rp::Id code = graph.AddArena("popular", rp::MemoryClass::kCode, huge);
    const rp::Id tables =
        graph.AddArena("popular tables", rp::MemoryClass::kReadOnly);
    for (const rp::Id id : graph.order()) {
      const rp::Section section = graph.section(id);
      // A jump table goes where its function goes.
      const bool is_table = section.kind == RELINK_KIND_JUMP_TABLE;
      const rp::Id function = is_table ? section.owner : id;
      if (!capable[section.module] ||
          graph.section(function).kind != RELINK_KIND_FUNCTION ||
          graph.section(function).pinned.size > 0 ||
          (*references)[function] < least) {
        continue;
      }
      if (graph.module(section.module).materialization == RELINK_WHOLE) {
        graph.SetMaterialization(section.module, rp::Materialization::kOverlay);
      }
      graph.SetArena(id, is_table ? tables : code);
      if (is_table) continue;
      graph.Count("functions copied");
      if (graph.remarks_wanted()) {
        graph.Remark(rp::RemarkKind::kMoved, id,
                     std::to_string((*references)[id]) + " references");
      }
    }
  }
};

}  // namespace

RELINK_PASS_PLUGIN("popular", "1.0",
                   rp::AddAll<Popularity, PopularFirst, PopularArena>);
