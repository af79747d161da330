// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/symbols/name_places.h"

#include <cstddef>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "profiles/symbols/file_symbols.h"
#include "relink/elf/records.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"

namespace relink::profiles {
namespace {

using testing::SizeIs;

TEST(NamePlaces, CountsFromTheFunctionThatASymbolNames) {
  elf::ImageSpec spec;
  spec.text = elf::Bytes(0x40, std::byte{0xc3});
  spec.symbols.push_back({.name = "first", .offset = 0, .size = 0x10});
  spec.symbols.push_back({.name = "second", .offset = 0x20, .size = 0x10});
  const auto image = elf::BuildImage<elf::Elf64Le>(spec);
  const auto symbols = FileSymbols::Read(image.view());
  ASSERT_TRUE(symbols.ok()) << symbols.status();
  const auto at = [&](uint64_t offset) {
    return FileOffset(image.place(".text").offset + offset);
  };

  Profile profile;
  const ModuleId file = profile.AddModule({.path = "/lib/a.so"});
  const PlaceId inside = profile.AddPlace(Place::At(file, at(0x24)));
  const PlaceId between = profile.AddPlace(Place::At(file, at(0x18)));
  profile.AddCount(inside, {2, 20});
  profile.AddCount(between, {1, 10});
  profile.AddEdge({EdgeKind::kCall, between, inside}, {3, 3});
  profile.AddUnattributed(Unattributed::kKernel, {4, 4});
  profile.AddSource({.format = "made", .event = "cycles"}, {7, 34});

  const Profile named =
      NamePlaces(profile, [&](const ModuleKey&) { return &*symbols; });
  EXPECT_EQ(named.TotalOf(ModuleId(0)), (Count{3, 30}));
  EXPECT_EQ(named.unattributed(Unattributed::kKernel), (Count{4, 4}));
  EXPECT_THAT(named.sources(), SizeIs(1));
  const auto edges = named.EdgesOf(EdgeKind::kCall);
  ASSERT_THAT(edges, SizeIs(1));
  EXPECT_EQ(named.place(edges[0].edge.from), profile.place(between));
  const Place& to = named.place(edges[0].edge.to);
  EXPECT_EQ(to.kind, PlaceKind::kSymbol);
  EXPECT_EQ(named.name(to.name), "second");
  EXPECT_EQ(to.offset, 4u);
}

TEST(NamePlaces, KeepsNamesThatThereAre) {
  Profile profile;
  const ModuleId unknown = profile.AddModule({});
  profile.AddCount(
      profile.AddPlace(Place::In(unknown, profile.AddName("f"), 8)), {1, 1});
  const Profile named = NamePlaces(profile, {});
  const auto counts = named.CountsOf(ModuleId(0));
  ASSERT_THAT(counts, SizeIs(1));
  EXPECT_EQ(named.name(counts[0].place.name), "f");
  EXPECT_EQ(counts[0].place.offset, 8u);
}

}  // namespace
}  // namespace relink::profiles
