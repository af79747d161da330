// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/module_registry.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Addresses are compared, never looked at.
LoadedGroup MakeGroup(std::vector<std::pair<std::string, uint64_t>> modules) {
  LoadedGroup group;
  group.modules.resize(modules.size());
  for (size_t i = 0; i < modules.size(); ++i) {
    RegisteredModule& module = group.modules[i];
    module.name = modules[i].first;
    module.map.l_addr = modules[i].second - 0x1000;
    module.memory = {RuntimeAddr(modules[i].second), 0x2000};
    LoadedRegion region;
    region.memory = module.memory;
    region.module = &module;
    group.regions.push_back(std::move(region));
  }
  return group;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  ModuleRegistry::Process().ForEach(
      [&](const RegisteredModule& module, const ModuleRegistry::Counters&) {
        names.push_back(module.name);
        return 0;
      });
  return names;
}

std::string NameAt(uint64_t addr) {
  const auto place = ModuleRegistry::Process().Find(RuntimeAddr(addr));
  return place ? place->module->name : "none";
}

TEST(ModuleRegistry, KnowsModulesForAsLongAsTheyAreRegistered) {
  const auto before = ModuleRegistry::Process().counters();
  EXPECT_THAT(Names(), IsEmpty());
  {
    const ModuleRegistration first(MakeGroup({{"a", 0x10000}, {"b", 0x50000}}));
    {
      const ModuleRegistration second(MakeGroup({{"c", 0x30000}}));
      EXPECT_THAT(Names(), ElementsAre("a", "b", "c"));
      EXPECT_EQ(NameAt(0x10000), "a");
      EXPECT_EQ(NameAt(0x12000), "none");
      EXPECT_EQ(NameAt(0x31fff), "c");
      EXPECT_EQ(NameAt(0x50123), "b");
    }
    EXPECT_THAT(Names(), ElementsAre("a", "b"));
    EXPECT_EQ(NameAt(0x31fff), "none");
    EXPECT_EQ(NameAt(0x50123), "b");
  }
  EXPECT_THAT(Names(), IsEmpty());
  const auto after = ModuleRegistry::Process().counters();
  EXPECT_EQ(after.added - before.added, 3u);
  EXPECT_EQ(after.removed - before.removed, 3u);
}

TEST(ModuleRegistry, TellsWhereTheFileHasAnAddress) {
  const ModuleRegistration registration(MakeGroup({{"a", 0x10000}}));
  const auto place = ModuleRegistry::Process().Find(RuntimeAddr(0x10123));
  ASSERT_TRUE(place.has_value());
  EXPECT_EQ(place->addr, LinkAddr(0x1123));
}

TEST(ModuleRegistry, FindsPartsOfSeveralModulesInOneArena) {
  LoadedGroup group = MakeGroup({{"a", 0x10000}, {"b", 0x20000}});
  LoadedRegion arena;
  arena.memory = {RuntimeAddr(0x40000), 0x1000};
  arena.parts = {
      {{RuntimeAddr(0x40000), 0x10}, LinkAddr(0x1500), &group.modules[1]},
      {{RuntimeAddr(0x40020), 0x10}, LinkAddr(0x1700), &group.modules[0]}};
  group.regions.push_back(arena);
  const ModuleRegistration registration(std::move(group));
  EXPECT_EQ(NameAt(0x4000f), "b");
  EXPECT_EQ(NameAt(0x40010), "none");
  EXPECT_EQ(NameAt(0x40028), "a");
  EXPECT_EQ(NameAt(0x40fff), "none");
  EXPECT_EQ(ModuleRegistry::Process().Find(RuntimeAddr(0x40028))->addr,
            LinkAddr(0x1708));
}

TEST(ModuleRegistry, StopsVisitingWhereItIsTold) {
  const ModuleRegistration registration(
      MakeGroup({{"a", 0x10000}, {"b", 0x20000}}));
  int visited = 0;
  const auto visit = [&](const RegisteredModule&,
                         const ModuleRegistry::Counters&) {
    return ++visited * 7;
  };
  EXPECT_EQ(ModuleRegistry::Process().ForEach(visit), 7);
  EXPECT_EQ(visited, 1);
}

TEST(ModuleRegistry, TakesChangesOfManyThreads) {
  const auto churn = [](uint64_t base) {
    for (int i = 0; i < 300; ++i) {
      const ModuleRegistration registration(MakeGroup({{"x", base}}));
      EXPECT_EQ(NameAt(base + 5), "x");
      (void)Names();
    }
  };
  std::thread first(churn, 0x10000);
  std::thread second(churn, 0x20000);
  churn(0x30000);
  first.join();
  second.join();
  EXPECT_THAT(Names(), IsEmpty());
}

}  // namespace
}  // namespace relink
