// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/print_profile.h"

#include <algorithm>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace relink::profiles {
namespace {

std::string Text(const Count& count) {
  return absl::StrCat(" samples=", count.samples, " weight=", count.weight);
}

std::string Text(const Profile& profile, const Place& place) {
  const std::string base = place.name.has_value()
                               ? std::string(profile.name(place.name))
                               : std::string(Name(place.kind));
  return absl::StrCat(base, "+0x", absl::Hex(place.offset));
}

std::string FullText(const Profile& profile, PlaceId id) {
  const Place& place = profile.place(id);
  return absl::StrCat(ModuleName(profile.module(place.module)), " ",
                      Text(profile, place));
}

}  // namespace

std::string ModuleName(const ModuleKey& key) {
  if (!key.path.empty()) return key.path;
  if (key.build_id.empty()) return "unknown module";
  return absl::StrCat("build-id ", absl::BytesToHexString(key.build_id));
}

std::string PrintProfile(const Profile& profile) {
  std::string text;
  for (const auto& [source, count] : profile.sources()) {
    absl::StrAppend(&text, "source ", source.format, " ", source.event);
    if (source.period != 0) absl::StrAppend(&text, " period=", source.period);
    if (source.frequency != 0) {
      absl::StrAppend(&text, " frequency=", source.frequency);
    }
    absl::StrAppend(&text, Text(count), "\n");
  }
  std::vector<ModuleId> modules;
  for (uint32_t i = 0; i < profile.modules().size(); ++i)
    modules.emplace_back(i);
  std::sort(modules.begin(), modules.end(), [&](ModuleId a, ModuleId b) {
    return profile.module(a) < profile.module(b);
  });
  for (const ModuleId id : modules) {
    const ModuleKey& key = profile.module(id);
    absl::StrAppend(&text, "module ", ModuleName(key));
    if (key.size != 0) absl::StrAppend(&text, " size=", key.size);
    if (!key.build_id.empty()) {
      absl::StrAppend(&text,
                      " build-id=", absl::BytesToHexString(key.build_id));
    }
    text.push_back('\n');
    for (const CountedPlace& counted : profile.CountsOf(id)) {
      absl::StrAppend(&text, "  ", Text(profile, counted.place),
                      Text(counted.count), "\n");
    }
  }
  for (int kind = 0; kind < kEdgeKinds; ++kind) {
    for (const auto& [edge, count] :
         profile.EdgesOf(static_cast<EdgeKind>(kind))) {
      absl::StrAppend(&text, Name(edge.kind), " ", FullText(profile, edge.from),
                      " -> ", FullText(profile, edge.to), Text(count), "\n");
    }
  }
  for (int i = 0; i < kUnattributedKinds; ++i) {
    const auto kind = static_cast<Unattributed>(i);
    if (profile.unattributed(kind) == Count()) continue;
    absl::StrAppend(&text, "not attributed: ", Name(kind),
                    Text(profile.unattributed(kind)), "\n");
  }
  return text;
}

}  // namespace relink::profiles
