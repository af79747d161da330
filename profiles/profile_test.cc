// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/profile.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "profiles/print_profile.h"
#include "profiles/testing/random_profile.h"

namespace relink::profiles {
namespace {

ModuleKey BuildId(std::string id, std::string path) {
  return {.build_id = std::move(id), .path = std::move(path)};
}
ModuleKey Path(std::string path, uint64_t size = 0) {
  return {.path = std::move(path), .size = size};
}

Profile Sum(const Profile& a, const Profile& b) {
  Profile sum = a;
  sum.Merge(b);
  return sum;
}

TEST(Profile, MergesInAnyOrderAndInAnyGroups) {
  std::mt19937 random(1);
  for (int i = 0; i < 500; ++i) {
    const Profile a = RandomProfile(random);
    const Profile b = RandomProfile(random);
    const Profile c = RandomProfile(random);
    ASSERT_EQ(PrintProfile(Sum(a, b)), PrintProfile(Sum(b, a)));
    ASSERT_EQ(PrintProfile(Sum(Sum(a, b), c)), PrintProfile(Sum(a, Sum(b, c))));
    ASSERT_EQ(PrintProfile(Sum(a, Profile())), PrintProfile(a));
  }
}

TEST(Profile, CountsAModuleWithABuildIdOnceWhateverItsPath) {
  Profile profile;
  const ModuleId id = profile.AddModule(BuildId("x", "/usr/lib/a"));
  EXPECT_EQ(profile.AddModule(BuildId("x", "/lib/a")), id);
  EXPECT_NE(profile.AddModule(BuildId("y", "/lib/a")), id);
  EXPECT_NE(profile.AddModule(Path("/lib/a")), id);
  EXPECT_EQ(profile.module(id).path, "/lib/a");
}

TEST(Profile, FindsAModuleByBuildIdOrByPathAndSize) {
  Profile profile;
  const ModuleId a = profile.AddModule(BuildId("x", "/lib/a"));
  const ModuleId b = profile.AddModule(Path("/lib/b"));
  const ModuleId c = profile.AddModule(Path("/lib/c", 12));
  EXPECT_EQ(profile.FindModule(BuildId("x", "/elsewhere")), a);
  EXPECT_EQ(profile.FindModule({.build_id = "z", .path = "/lib/b", .size = 7}),
            b);
  EXPECT_EQ(profile.FindModule(Path("/lib/c", 12)), c);
  EXPECT_EQ(profile.FindModule(Path("/lib/c", 13)), std::nullopt);
  EXPECT_EQ(profile.FindModule(BuildId("z", "/lib/a")), std::nullopt);
}

TEST(Profile, ListsCountsByAddress) {
  Profile profile;
  const ModuleId module = profile.AddModule(Path("/lib/a"));
  for (const uint64_t offset : {0x30, 0x10, 0x20}) {
    profile.AddCount(profile.AddPlace(Place::At(module, FileOffset(offset))),
                     {1, offset});
  }
  std::vector<uint64_t> offsets;
  for (const CountedPlace& counted : profile.CountsOf(module)) {
    offsets.push_back(counted.place.offset);
  }
  EXPECT_THAT(offsets, testing::ElementsAre(0x10, 0x20, 0x30));
  EXPECT_EQ(profile.TotalOf(module), (Count{3, 0x60}));
}

TEST(Profile, AgesToNothing) {
  Profile profile;
  const ModuleId module = profile.AddModule(Path("/lib/a"));
  const PlaceId hot = profile.AddPlace(Place::At(module, FileOffset(1)));
  const PlaceId cold = profile.AddPlace(Place::At(module, FileOffset(2)));
  profile.AddCount(hot, {10, 1000});
  profile.AddCount(cold, {1, 1});
  profile.AddEdge({EdgeKind::kCall, hot, cold}, {1, 1});
  Profile aged;
  aged.Merge(profile, ScaleFactor::Of(0.5));
  EXPECT_EQ(PrintProfile(aged),
            "module /lib/a\n"
            "  file+0x1 samples=5 weight=500\n");
}

TEST(Profile, MergesWithItself) {
  Profile profile;
  const ModuleId module = profile.AddModule(Path("/lib/a"));
  profile.AddCount(profile.AddPlace(Place::At(module, LinkAddr(1))), {1, 2});
  profile.Merge(profile);
  EXPECT_EQ(profile.Attributed(), (Count{2, 4}));
}

TEST(Profile, RenamesModulesAsItMerges) {
  Profile profile;
  for (const char* path : {"/lib/a", "/lib/b"}) {
    const ModuleId module = profile.AddModule(Path(path));
    profile.AddCount(profile.AddPlace(Place::At(module, FileOffset(1))),
                     {1, 1});
  }
  Profile renamed;
  renamed.Merge(profile, {},
                [](const ModuleKey& key) { return BuildId("x", key.path); });
  EXPECT_EQ(renamed.modules().size(), 1);
  EXPECT_EQ(renamed.Attributed(), (Count{2, 2}));
}

}  // namespace
}  // namespace relink::profiles
