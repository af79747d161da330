// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <zstd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "profiles/own/own_format.h"
#include "profiles/varint.h"
#include "relink/support/byte_order.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

void AppendCount(const Count& count, std::string& text) {
  AppendVarint(count.samples, text);
  AppendVarint(count.weight, text);
}

void AppendSources(const Profile& profile, std::string& text) {
  AppendVarint(profile.sources().size(), text);
  for (const auto& [source, count] : profile.sources()) {
    AppendString(source.format, text);
    AppendString(source.event, text);
    AppendVarint(source.period, text);
    AppendVarint(source.frequency, text);
    AppendCount(count, text);
  }
}

void AppendUnattributed(const Profile& profile, std::string& text) {
  AppendVarint(kUnattributedKinds, text);
  for (int kind = 0; kind < kUnattributedKinds; ++kind) {
    AppendVarint(static_cast<uint64_t>(kind), text);
    AppendCount(profile.unattributed(static_cast<Unattributed>(kind)), text);
  }
}

// Returns the place of each module in the file, by its number.
std::vector<uint64_t> AppendModules(const Profile& profile, std::string& text) {
  std::vector<ModuleId> sorted;
  for (uint32_t i = 0; i < profile.modules().size(); ++i)
    sorted.emplace_back(i);
  std::sort(sorted.begin(), sorted.end(), [&](ModuleId a, ModuleId b) {
    return profile.module(a) < profile.module(b);
  });
  AppendVarint(sorted.size(), text);
  std::vector<uint64_t> index(sorted.size());
  for (uint64_t i = 0; i < sorted.size(); ++i) {
    const ModuleKey& key = profile.module(sorted[i]);
    index[sorted[i].index()] = i;
    AppendString(key.build_id, text);
    AppendString(key.path, text);
    AppendVarint(key.size, text);
  }
  return index;
}

// Those that places have. Returns where each is in the file, by its number.
std::vector<uint64_t> AppendNames(const Profile& profile,
                                  const std::vector<PlaceId>& places,
                                  std::string& text) {
  std::vector<NameId> sorted;
  for (const PlaceId id : places) {
    const NameId name = profile.place(id).name;
    if (name.has_value()) sorted.push_back(name);
  }
  std::sort(sorted.begin(), sorted.end(), [&](NameId a, NameId b) {
    return profile.name(a) < profile.name(b);
  });
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  AppendVarint(sorted.size(), text);
  std::vector<uint64_t> index(profile.name_count());
  for (uint64_t i = 0; i < sorted.size(); ++i) {
    index[sorted[i].index()] = i;
    AppendString(profile.name(sorted[i]), text);
  }
  return index;
}

void AppendPlaces(const Profile& profile, const std::vector<PlaceId>& places,
                  const std::vector<uint64_t>& modules,
                  const std::vector<uint64_t>& names, std::string& text) {
  AppendVarint(places.size(), text);
  Place last;
  for (const PlaceId id : places) {
    const Place& place = profile.place(id);
    AppendVarint(modules[place.module.index()], text);
    AppendVarint(static_cast<uint64_t>(place.kind), text);
    if (place.name.has_value()) AppendVarint(names[place.name.index()], text);
    const bool same_base = place.module == last.module &&
                           place.kind == last.kind && place.name == last.name;
    AppendVarint(same_base ? place.offset - last.offset : place.offset, text);
    AppendCount(profile.count(id), text);
    last = place;
  }
}

void AppendEdges(const Profile& profile, const std::vector<PlaceId>& places,
                 std::string& text) {
  std::vector<uint64_t> index(profile.place_count());
  for (uint64_t i = 0; i < places.size(); ++i) index[places[i].index()] = i;
  AppendVarint(profile.edge_count(), text);
  for (int kind = 0; kind < kEdgeKinds; ++kind) {
    for (const auto& [edge, count] :
         profile.EdgesOf(static_cast<EdgeKind>(kind))) {
      AppendVarint(static_cast<uint64_t>(kind), text);
      AppendVarint(index[edge.from.index()], text);
      AppendVarint(index[edge.to.index()], text);
      AppendCount(count, text);
    }
  }
}

absl::StatusOr<std::string> Compressed(const std::string& payload) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> state(
      ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(state.get(), ZSTD_c_checksumFlag, 1);
  std::string packed(ZSTD_compressBound(payload.size()), '\0');
  const size_t size = ZSTD_compress2(state.get(), packed.data(), packed.size(),
                                     payload.data(), payload.size());
  if (ZSTD_isError(size)) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot compress: ", ZSTD_getErrorName(size)));
  }
  packed.resize(size);
  return packed;
}

}  // namespace

absl::Status WriteOwnFormat(const Profile& profile, std::ostream& out) {
  std::string payload;
  AppendSources(profile, payload);
  AppendUnattributed(profile, payload);
  const std::vector<uint64_t> modules = AppendModules(profile, payload);
  const std::vector<PlaceId> places = profile.SortedPlaces();
  const std::vector<uint64_t> names = AppendNames(profile, places, payload);
  AppendPlaces(profile, places, modules, names, payload);
  AppendEdges(profile, places, payload);
  ASSIGN_OR_RETURN(const std::string packed, Compressed(payload));
  const Le<uint32_t> version = kOwnVersion;
  out << kOwnMagic;
  out.write(reinterpret_cast<const char*>(&version), sizeof(version));
  out << packed;
  return absl::OkStatus();
}

}  // namespace relink::profiles
