// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/profile.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace relink::profiles {
namespace {

// A place and what leads to it take less than 100 bytes together: 2 GiB at
// most.
constexpr size_t kMaxEntries = size_t{1} << 24;
constexpr size_t kMaxText = size_t{256} << 20;

// Two keys are one module if this is the same.
std::string Identity(const ModuleKey& key) {
  if (!key.build_id.empty()) return absl::StrCat("b", key.build_id);
  return absl::StrCat("p", key.size, ":", key.path);
}

}  // namespace

absl::string_view Name(PlaceKind kind) {
  switch (kind) {
    case PlaceKind::kFileOffset:
      return "file";
    case PlaceKind::kLinkAddr:
      return "link";
    case PlaceKind::kSymbol:
      return "symbol";
  }
  return "";
}

absl::string_view Name(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::kCall:
      return "call";
    case EdgeKind::kOuterCall:
      return "outer-call";
    case EdgeKind::kBranch:
      return "branch";
    case EdgeKind::kMispredicted:
      return "mispredicted";
    case EdgeKind::kRun:
      return "run";
  }
  return "";
}

absl::string_view Name(Unattributed kind) {
  switch (kind) {
    case Unattributed::kKernel:
      return "kernel";
    case Unattributed::kHypervisor:
      return "hypervisor";
    case Unattributed::kGuest:
      return "guest";
    case Unattributed::kVdso:
      return "vdso";
    case Unattributed::kAnonymous:
      return "anonymous memory";
    case Unattributed::kUnknown:
      return "unknown";
    case Unattributed::kOtherEvent:
      return "other events";
    case Unattributed::kLost:
      return "lost";
  }
  return "";
}

std::string FrameName(Unattributed kind) {
  return absl::StrCat("[", Name(kind), "]");
}

std::optional<Unattributed> FindFrameName(absl::string_view name) {
  for (int i = 0; i < kUnattributedKinds; ++i) {
    const auto kind = static_cast<Unattributed>(i);
    if (FrameName(kind) == name) return kind;
  }
  return std::nullopt;
}

ModuleId Profile::AddModule(const ModuleKey& key) {
  const auto [it, added] = module_ids_.try_emplace(Identity(key));
  if (added) {
    text_size_ += key.build_id.size() + key.path.size();
    it->second = modules_.Add(key);
    return it->second;
  }
  // Of several hints the same one stays, whatever came first.
  ModuleKey& known = modules_[it->second];
  if (known.path.empty() || (!key.path.empty() && key.path < known.path)) {
    known.path = key.path;
  }
  known.size = std::max(known.size, key.size);
  return it->second;
}

NameId Profile::AddName(absl::string_view name) {
  const auto found = name_ids_.find(name);
  if (found != name_ids_.end()) return found->second;
  text_size_ += name.size();
  const NameId id = names_.Add(std::string(name));
  name_ids_.emplace(name, id);
  return id;
}

PlaceId Profile::AddPlace(const Place& place) {
  const auto [it, added] = place_ids_.try_emplace(place);
  if (added) {
    it->second = places_.Add(place);
    counts_.emplace_back();
  }
  return it->second;
}

void Profile::ReservePlaces(size_t count) {
  places_.Reserve(count);
  place_ids_.reserve(count);
  counts_.reserve(count);
}

void Profile::Merge(const Profile& other, ScaleFactor factor,
                    const Rekey& rekey) {
  if (&other == this) return Merge(Profile(other), factor, rekey);
  std::vector<ModuleId> modules;
  for (const ModuleKey& key : other.modules_) {
    modules.push_back(AddModule(rekey ? rekey(key) : key));
  }
  std::vector<PlaceId> places(other.places_.size());
  const auto merged_place = [&](PlaceId id) {
    PlaceId& merged = places[id.index()];
    if (!merged.has_value()) {
      Place place = other.place(id);
      place.module = modules[place.module.index()];
      if (place.name.has_value()) place.name = AddName(other.name(place.name));
      merged = AddPlace(place);
    }
    return merged;
  };
  for (uint32_t i = 0; i < other.counts_.size(); ++i) {
    const Count count = factor(other.counts_[i]);
    if (count.weight != 0) AddCount(merged_place(PlaceId(i)), count);
  }
  for (const auto& [edge, unscaled] : other.edges_) {
    const Count count = factor(unscaled);
    if (count.weight == 0) continue;
    AddEdge({edge.kind, merged_place(edge.from), merged_place(edge.to)}, count);
  }
  for (int i = 0; i < kUnattributedKinds; ++i) {
    unattributed_[i] += factor(other.unattributed_[i]);
  }
  for (const auto& [source, count] : other.sources_) {
    AddSource(source, factor(count));
  }
}

absl::Status Profile::CheckSize() const {
  const std::pair<absl::string_view, size_t> sizes[] = {
      {"modules", modules_.size()},
      {"names", names_.size()},
      {"places", places_.size()},
      {"edges", edges_.size()}};
  for (const auto& [what, size] : sizes) {
    if (size <= kMaxEntries) continue;
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", kMaxEntries, " ", what));
  }
  if (text_size_ > kMaxText) {
    return absl::ResourceExhaustedError(
        absl::StrCat("more than ", kMaxText, " bytes of names"));
  }
  return absl::OkStatus();
}

std::optional<ModuleId> Profile::FindModule(const ModuleKey& file) const {
  if (!file.build_id.empty()) {
    const auto found = module_ids_.find(Identity(file));
    if (found != module_ids_.end()) return found->second;
  }
  for (const uint64_t size : {file.size, uint64_t{0}}) {
    const auto found =
        module_ids_.find(Identity({.path = file.path, .size = size}));
    if (found != module_ids_.end()) return found->second;
  }
  return std::nullopt;
}

bool Profile::Precedes(PlaceId a, PlaceId b) const {
  const Place& x = places_[a];
  const Place& y = places_[b];
  if (x.module != y.module) return modules_[x.module] < modules_[y.module];
  if (x.kind != y.kind) return x.kind < y.kind;
  if (x.name != y.name) return name(x.name) < name(y.name);
  return x.offset < y.offset;
}

std::vector<CountedPlace> Profile::CountsOf(ModuleId module) const {
  std::vector<CountedPlace> result;
  for (uint32_t i = 0; i < counts_.size(); ++i) {
    const Place& place = places_[PlaceId(i)];
    if (place.module != module || counts_[i] == Count()) continue;
    result.push_back({PlaceId(i), place, counts_[i]});
  }
  std::sort(result.begin(), result.end(),
            [this](const CountedPlace& a, const CountedPlace& b) {
              return Precedes(a.id, b.id);
            });
  return result;
}

std::vector<CountedEdge> Profile::EdgesOf(EdgeKind kind) const {
  std::vector<CountedEdge> result;
  for (const auto& [edge, count] : edges_) {
    if (edge.kind == kind) result.push_back({edge, count});
  }
  std::sort(result.begin(), result.end(),
            [this](const CountedEdge& a, const CountedEdge& b) {
              if (a.edge.from != b.edge.from) {
                return Precedes(a.edge.from, b.edge.from);
              }
              return Precedes(a.edge.to, b.edge.to);
            });
  return result;
}

std::vector<PlaceId> Profile::SortedPlaces() const {
  std::vector<bool> used(places_.size());
  for (size_t i = 0; i < counts_.size(); ++i) used[i] = counts_[i] != Count();
  for (const auto& [edge, count] : edges_) {
    used[edge.from.index()] = used[edge.to.index()] = true;
  }
  std::vector<PlaceId> result;
  for (uint32_t i = 0; i < used.size(); ++i) {
    if (used[i]) result.emplace_back(i);
  }
  std::sort(result.begin(), result.end(),
            [this](PlaceId a, PlaceId b) { return Precedes(a, b); });
  return result;
}

Count Profile::TotalOf(ModuleId module) const {
  Count total;
  for (uint32_t i = 0; i < counts_.size(); ++i) {
    if (places_[PlaceId(i)].module == module) total += counts_[i];
  }
  return total;
}

Count Profile::Attributed() const {
  Count total;
  for (const Count& count : counts_) total += count;
  return total;
}

Count Profile::NotAttributed() const {
  Count total;
  for (int i = 0; i < kUnattributedKinds; ++i) {
    if (Unattributed(i) != Unattributed::kLost) total += unattributed_[i];
  }
  return total;
}

}  // namespace relink::profiles
