// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/symbols/function_table.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink::profiles {
namespace {

using testing::ElementsAre;

TEST(FunctionTable, AddsUpWhatIsInOneFunction) {
  Profile profile;
  const ModuleId unknown = profile.AddModule({});
  const ModuleId library = profile.AddModule({.path = "/lib/a.so"});
  const auto count = [&](const Place& place, uint64_t samples) {
    profile.AddCount(profile.AddPlace(place), {samples, samples});
  };
  count(Place::In(unknown, profile.AddName("f"), 0), 1);
  count(Place::In(unknown, profile.AddName("f"), 8), 2);
  count(Place::In(unknown, profile.AddName("g"), 0), 9);
  count(Place::At(library, FileOffset(1)), 5);
  count(Place::At(library, LinkAddr(7)), 6);
  const FunctionTable table(profile, {});
  std::vector<std::string> names;
  std::vector<uint64_t> samples;
  for (const FunctionId id : table.ByWeight()) {
    names.push_back(table.functions()[id].name);
    samples.push_back(table.functions()[id].count.samples);
  }
  EXPECT_THAT(names, ElementsAre("", "g", "f"));
  EXPECT_THAT(samples, ElementsAre(11, 9, 3));
}

}  // namespace
}  // namespace relink::profiles
