// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/profiled_places.h"

#include <algorithm>
#include <variant>

#include "relink/elf/constants.h"
#include "relink/scan/build_id.h"

namespace relink {
namespace {

constexpr uint32_t kAnyModule = UINT32_MAX;

bool IsFunction(const Section& section) {
  return section.live() && section.kind == SectionKind::kFunction;
}

absl::string_view FileName(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

ProfiledPlaces::ProfiledPlaces(LinkGraph& graph,
                               const profiles::Profile& profile)
    : graph_(graph),
      profile_(profile),
      modules_(profile.modules().size()),
      other_builds_(profile.modules().size()),
      homes_(graph.modules.size()) {
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    Module& module = graph.modules[ModuleId(i)];
    const auto found = profile.FindModule({.build_id = ReadBuildId(module),
                                           .path = module.name(),
                                           .size = module.source.size()});
    if (found.has_value()) modules_[found->index()] = ModuleId(i);
  }
  FindOtherBuilds();
}

void ProfiledPlaces::FindOtherBuilds() {
  std::vector<bool> is_known(graph_.modules.size());
  for (const ModuleId id : modules_) {
    if (id.has_value()) is_known[id.index()] = true;
  }
  for (uint32_t i = 0; i < modules_.size(); ++i) {
    const profiles::ModuleKey& key = profile_.module(profiles::ModuleId(i));
    if (modules_[i].has_value() || key.path.empty()) continue;
    for (uint32_t j = 0; j < graph_.modules.size(); ++j) {
      if (!is_known[j] &&
          FileName(graph_.modules[ModuleId(j)].name()) == FileName(key.path)) {
        other_builds_[i] = ModuleId(j);
        break;
      }
    }
  }
}

std::optional<LinkAddr> ProfiledPlaces::AddressOf(
    const profiles::Place& place) const {
  const ModuleId id = Find(place.module);
  if (!id.has_value()) return std::nullopt;
  for (const Segment& segment : graph_.modules[id].segments) {
    if (place.kind == profiles::PlaceKind::kLinkAddr &&
        segment.memory.Contains(LinkAddr(place.offset))) {
      return LinkAddr(place.offset);
    }
    if (place.kind == profiles::PlaceKind::kFileOffset &&
        segment.file.Contains(FileOffset(place.offset))) {
      return segment.memory.begin + (place.offset - segment.file.begin.value());
    }
  }
  return std::nullopt;
}

void ProfiledPlaces::Index() {
  for (uint32_t i = 0; i < graph_.sections.size(); ++i) {
    const Section& section = graph_.sections[SectionId(i)];
    if (!IsFunction(section) || section.home.size == 0) continue;
    homes_[section.module_id.index()].push_back(
        {section.home.begin, SectionId(i)});
  }
  for (std::vector<Home>& homes : homes_) {
    std::ranges::sort(homes, {}, &Home::begin);
  }
  if (profile_.name_count() == 0) return;
  for (const Symbol& symbol : graph_.symbols) {
    const auto* place = std::get_if<InSection>(&symbol.definition);
    if (place == nullptr || symbol.name.empty() ||
        !IsFunction(graph_.sections[place->section_id])) {
      continue;
    }
    names_.try_emplace({symbol.module_id.index(), symbol.name}, *place);
    const auto [any, is_new] =
        names_.try_emplace({kAnyModule, symbol.name}, *place);
    if (!is_new && any->second != *place) any->second.section_id = SectionId();
  }
}

std::optional<InSection> ProfiledPlaces::Named(
    const profiles::Place& place) const {
  const profiles::ModuleKey& key = profile_.module(place.module);
  ModuleId id = Find(place.module);
  if (!id.has_value()) id = OtherBuild(place.module);
  if (!id.has_value() && key != profiles::ModuleKey()) return std::nullopt;
  const auto found = names_.find(
      {id.has_value() ? id.index() : kAnyModule, profile_.name(place.name)});
  if (found == names_.end() || !found->second.section_id.has_value()) {
    return std::nullopt;
  }
  InSection result = found->second;
  result.offset += place.offset;
  if (result.offset >= graph_.sections[result.section_id].size) {
    return std::nullopt;
  }
  return result;
}

std::optional<InSection> ProfiledPlaces::FunctionAt(
    const profiles::Place& place) const {
  if (place.kind == profiles::PlaceKind::kSymbol) return Named(place);
  const std::optional<LinkAddr> address = AddressOf(place);
  if (!address.has_value()) return std::nullopt;
  const std::vector<Home>& homes = homes_[Find(place.module).index()];
  const auto after =
      std::ranges::upper_bound(homes, *address, {}, &Home::begin);
  if (after == homes.begin()) return std::nullopt;
  const Home& home = *(after - 1);
  const Section& section = graph_.sections[home.id];
  if (!section.home.Contains(*address)) return std::nullopt;
  return InSection{home.id, static_cast<uint64_t>(*address - home.begin)};
}

}  // namespace relink
