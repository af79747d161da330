// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/link_graph.h"

#include <any>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(LinkGraph, NamesWhatMessagesAndReportsSpeakOf) {
  EXPECT_EQ(Name(ModuleKind::kSharedObject), "shared object");
  EXPECT_EQ(Name(ModuleKind::kExecutable), "executable");
  EXPECT_EQ(Name(Capability::kOpaque), "Opaque");
  EXPECT_EQ(Name(Capability::kReorderable), "Reorderable");
  EXPECT_EQ(Name(Materialization::kWhole), "Whole");
  EXPECT_EQ(Name(Materialization::kArenas), "Arenas");
}

TEST(LinkGraph, ComparesCapabilities) {
  EXPECT_LT(Capability::kOpaque, Capability::kSectioned);
  EXPECT_LT(Capability::kSectioned, Capability::kOverlayable);
  EXPECT_LT(Capability::kOverlayable, Capability::kReorderable);
}

TEST(LinkGraph, CarriesTheEmbeddersOwnData) {
  LinkGraph graph;
  Module module(ModuleSource::FromMemory({}, "first"), HostTarget());
  module.user_data = std::string("mine");
  graph.root_id = graph.modules.Add(std::move(module));
  Module& root = graph.modules[graph.root_id];
  EXPECT_EQ(root.name(), "first");
  EXPECT_EQ(std::any_cast<std::string>(root.user_data), "mine");
}

TEST(Dependency, IsResolvedToNothingAtFirst) {
  const Dependency dependency{.name = "libc.so.6"};
  EXPECT_FALSE(dependency.module_id.has_value());
  EXPECT_FALSE(dependency.external_id.has_value());
}

}  // namespace
}  // namespace relink
