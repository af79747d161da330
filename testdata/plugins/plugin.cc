// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <stdexcept>

#include "relink/plugin/relink_pass_plugin.hpp"

// A plugin with a pass for every way of going wrong, and one that works.

namespace {

namespace rp = relink::plugin;

struct Throws {
  static constexpr rp::Text kName = "throws";
  void Run(rp::Graph& /*graph*/) const {
    throw std::runtime_error("out of luck");
  }
};

struct Fails {
  static constexpr rp::Text kName = "fails";
  void Run(rp::Graph& graph) const {
    graph.Fail(RELINK_NOT_FOUND, "no profile");
  }
};

// Leaves a graph that the verifier refuses.
struct Breaks {
  static constexpr rp::Text kName = "breaks";
  void Run(rp::Graph& graph) const {
    graph.Open(0, rp::OpenDepth::kSections);
    graph.SetAlignment(graph.order().front(), 3);
  }
};

// Writes an int to a data section of a placed module, where a symbol is.
struct SetInt {
  static constexpr rp::Text kName = "set-int";
  static constexpr rp::Option kOptions[] = {
      {"symbol", rp::OptionType::kText}, {"value", rp::OptionType::kInteger}};
  std::string symbol;
  int32_t value;
  explicit SetInt(const rp::Options& options)
      : symbol(options.String("symbol")),
        value(static_cast<int32_t>(options.Integer("value"))) {}

  void Run(rp::Placed& placed) const {
    for (rp::Id id = 0; id < placed.symbol_count(); ++id) {
      const rp::Symbol found = placed.symbol(id);
      if (rp::View(found.name) != symbol ||
          found.definition != RELINK_IN_SECTION) {
        continue;
      }
      const auto* bytes = reinterpret_cast<const uint8_t*>(&value);
      placed.Write(found.section, found.offset, {bytes, sizeof(value)});
      if (placed.address(found.section) == 0) {
        placed.Fail(RELINK_INTERNAL, "placed nowhere");
      }
      return;
    }
    placed.Fail(RELINK_NOT_FOUND, symbol + ": not defined");
  }
};

// Opens the root, so that there are symbols.
struct OpenRoot {
  static constexpr rp::Text kName = "open-root";
  void Run(rp::Graph& graph) const { graph.Open(0, rp::OpenDepth::kSymbols); }
};

}  // namespace

#if defined(NEWER)

extern "C" const relink_pass_plugin* relink_pass_plugin_info() {
  static constexpr relink_pass_plugin kPlugin = {
      sizeof(relink_pass_plugin),
      RELINK_PASS_PLUGIN_API_VERSION + 1,
      {"newer", 5},
      {"2.0", 3},
      rp::AddAll<Throws>};
  return &kPlugin;
}

#elif !defined(WITHOUT_EXPORT)

RELINK_PASS_PLUGIN("test plugin", "1.0",
                   rp::AddAll<Throws, Fails, Breaks, SetInt, OpenRoot>);

#endif
