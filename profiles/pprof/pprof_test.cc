// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/pprof/pprof.h"

#include <sstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "profiles/testing/read_text.h"

namespace relink::profiles {
namespace {

using testing::HasSubstr;

std::string Written(const Profile& profile) {
  std::ostringstream out;
  EXPECT_TRUE(WritePprof(profile, {}, out).ok());
  return out.str();
}

TEST(Pprof, KeepsSamplesCallsAndModules) {
  Profile profile;
  const ModuleId module = profile.AddModule(
      {.build_id = std::string("\x12\xab", 2), .path = "/lib/a.so"});
  const PlaceId a = profile.AddPlace(Place::At(module, FileOffset(0x1040)));
  const PlaceId b = profile.AddPlace(Place::At(module, FileOffset(0x2040)));
  const PlaceId c = profile.AddPlace(
      Place::In(profile.AddModule({}), profile.AddName("by_name"), 0));
  profile.AddCount(a, {3, 300});
  profile.AddCount(c, {1, 7});
  profile.AddEdge({EdgeKind::kCall, b, a}, {2, 200});
  profile.AddUnattributed(Unattributed::kKernel, {4, 400});
  profile.AddSource({.format = "perf.data", .event = "cycles", .period = 100},
                    {8, 707});
  EXPECT_EQ(ReadAsText(Written(profile)),
            "source pprof cycles period=100 samples=8 weight=707\n"
            "module unknown module\n"
            "  by_name+0x0 samples=1 weight=7\n"
            "module /lib/a.so build-id=12ab\n"
            "  file+0x1040 samples=3 weight=300\n"
            "call /lib/a.so file+0x2040 -> /lib/a.so file+0x1040 samples=2 "
            "weight=200\n"
            "not attributed: kernel samples=4 weight=400\n");
}

// As Go writes it: values are not packed, and text comes last.
TEST(Pprof, ReadsWhatOthersWrite) {
  const std::string message =
      "\x0a\x04\x08\x01\x10\x02"                  // sample_type samples/count
      "\x12\x08\x08\x01\x08\x02\x10\x05\x10\x09"  // sample 1 2: 5 9
      "\x22\x06\x08\x01\x22\x02\x08\x01"          // location 1: function 1
      "\x22\x06\x08\x02\x22\x02\x08\x02"          // location 2: function 2
      "\x2a\x04\x08\x01\x10\x03"                  // function 1: leaf
      "\x2a\x04\x08\x02\x10\x04";                 // function 2: main
  std::string text = message;
  for (const std::string word : {"", "samples", "count", "leaf", "main"}) {
    text += "\x32";
    text.push_back(static_cast<char>(word.size()));
    text += word;
  }
  EXPECT_EQ(ReadAsText(text),
            "source pprof samples samples=5 weight=9\n"
            "module unknown module\n"
            "  leaf+0x0 samples=5 weight=9\n"
            "call unknown module main+0x0 -> unknown module leaf+0x0 "
            "samples=5 weight=9\n");
}

TEST(Pprof, RefusesWhatRefersToNothing) {
  const std::string text(
      "\x0a\x04\x08\x00\x10\x00\x12\x04\x08\x07\x10\x05\x32\x00", 14);
  EXPECT_EQ(ReadAsText(text), "r: no location 7 (at 0xe)");
  EXPECT_THAT(ReadAsText(text.substr(0, 8)), HasSubstr("ends after"));
}

}  // namespace
}  // namespace relink::profiles
