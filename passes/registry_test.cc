// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/registry.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "passes/module_unit.h"
#include "relink/ir/link_graph.h"
#include "relink/pass/pass_registry.h"
#include "relink/stage/placed_graph.h"

namespace relink {
namespace {

TEST(ShippedPasses, RunOverThreeKindsOfUnits) {
  PassRegistry registry;
  RegisterShippedPasses(registry);
  std::vector<std::string> names;
  for (const UnitRow& unit : registry.units()) names.emplace_back(unit.name);
  EXPECT_EQ(names, (std::vector<std::string>{"graph", "module", "placed"}));
}

TEST(ShippedPasses, CanAllBeNamedInAPipeline) {
  PassRegistry registry;
  RegisterShippedPasses(registry);
  // Taking the rows once more checks names and options.
  PassRegistry checked;
  checked.AddUnit<LinkGraph>("graph");
  checked.AddParts<Modules>();
  checked.AddUnit<PlacedGraph>("placed");
  EXPECT_EQ(checked.AddRows(registry.passes(), registry.analyses()),
            absl::OkStatus());
  for (const PassRow& pass : registry.passes()) {
    EXPECT_FALSE(pass.help.empty()) << pass.name;
  }
}

}  // namespace
}  // namespace relink
