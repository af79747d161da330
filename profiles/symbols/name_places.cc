// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/symbols/name_places.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/match.h"

namespace relink::profiles {
namespace {

// Not what FunctionTable calls functions without a symbol, and stubs.
bool IsSymbol(const std::string& name) {
  return !name.empty() && !absl::StartsWith(name, "0x") &&
         !absl::StartsWith(name, "[");
}

class Namer {
 public:
  Namer(const Profile& profile, const SymbolSource& symbols)
      : profile_(profile), functions_(profile, symbols) {}

  Profile Name() {
    for (uint32_t i = 0; i < profile_.place_count(); ++i) {
      const PlaceId id(i);
      if (profile_.count(id) == Count()) continue;
      named_.AddCount(Named(id), profile_.count(id));
    }
    for (int kind = 0; kind < kEdgeKinds; ++kind) {
      for (const CountedEdge& counted :
           profile_.EdgesOf(static_cast<EdgeKind>(kind))) {
        const Edge& edge = counted.edge;
        named_.AddEdge({edge.kind, Named(edge.from), Named(edge.to)},
                       counted.count);
      }
    }
    for (int kind = 0; kind < kUnattributedKinds; ++kind) {
      const auto unattributed = static_cast<Unattributed>(kind);
      named_.AddUnattributed(unattributed, profile_.unattributed(unattributed));
    }
    for (const auto& [source, count] : profile_.sources()) {
      named_.AddSource(source, count);
    }
    return std::move(named_);
  }

 private:
  PlaceId Named(PlaceId id) {
    Place place = profile_.place(id);
    const ProfiledFunction& function =
        functions_.functions()[functions_.FunctionOf(id)];
    const auto address = functions_.AddressOf(id);
    const ModuleId module = named_.AddModule(profile_.module(place.module));
    if (place.kind == PlaceKind::kSymbol) {
      place.name = named_.AddName(profile_.name(place.name));
    } else if (IsSymbol(function.name) && function.range.has_value() &&
               address.has_value()) {
      place =
          Place::In(module, named_.AddName(function.name),
                    static_cast<uint64_t>(*address - function.range->begin));
    }
    place.module = module;
    return named_.AddPlace(place);
  }

  const Profile& profile_;
  FunctionTable functions_;
  Profile named_;
};

}  // namespace

Profile NamePlaces(const Profile& profile, const SymbolSource& symbols) {
  return Namer(profile, symbols).Name();
}

}  // namespace relink::profiles
