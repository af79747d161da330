// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/testing/random_profile.h"

#include <cstdint>
#include <string>
#include <vector>

namespace relink::profiles {
namespace {

class Maker {
 public:
  explicit Maker(std::mt19937& random) : random_(random) {}

  Profile Make() {
    for (uint64_t i = Below(4) + 1; i > 0; --i) AddModule();
    for (uint64_t i = Below(20) + 1; i > 0; --i) AddPlace();
    for (uint64_t i = Below(30); i > 0; --i) AddEdge();
    for (uint64_t i = Below(3); i > 0; --i) {
      profile_.AddUnattributed(
          static_cast<Unattributed>(Below(kUnattributedKinds)), AnyCount());
      profile_.AddSource({.format = "perf.data",
                          .event = std::string(1, Letter()),
                          .period = Below(2)},
                         AnyCount());
    }
    return std::move(profile_);
  }

 private:
  uint64_t Below(uint64_t end) { return random_() % end; }
  char Letter() { return static_cast<char>('a' + Below(3)); }

  // Some so large that sums reach the end of what there is.
  Count AnyCount() {
    if (Below(8) == 0) return {UINT64_MAX - Below(9), UINT64_MAX - Below(9)};
    return {Below(100) + 1, Below(100000) + 1};
  }

  void AddModule() {
    ModuleKey key;
    if (Below(2) == 0) key.build_id = std::string(20, Letter());
    if (Below(4) != 0) key.path = std::string("/lib/") + Letter();
    key.size = Below(3);
    modules_.push_back(profile_.AddModule(key));
  }

  void AddPlace() {
    Place place;
    place.module = modules_[Below(modules_.size())];
    place.kind = static_cast<PlaceKind>(Below(3));
    if (place.kind == PlaceKind::kSymbol) {
      place.name = profile_.AddName(std::string(2, Letter()));
    }
    place.offset = Below(8) * 16;
    places_.push_back(profile_.AddPlace(place));
    if (Below(3) != 0) profile_.AddCount(places_.back(), AnyCount());
  }

  void AddEdge() {
    profile_.AddEdge(
        {static_cast<EdgeKind>(Below(kEdgeKinds)),
         places_[Below(places_.size())], places_[Below(places_.size())]},
        AnyCount());
  }

  std::mt19937& random_;
  Profile profile_;
  std::vector<ModuleId> modules_;
  std::vector<PlaceId> places_;
};

}  // namespace

Profile RandomProfile(std::mt19937& random) { return Maker(random).Make(); }

}  // namespace relink::profiles
