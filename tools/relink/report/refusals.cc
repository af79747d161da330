// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/refusals.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "passes/graph/apply_profile.h"
#include "passes/section_text.h"

namespace relink::tools {
namespace {

std::string Key(absl::string_view module, absl::string_view address) {
  return absl::StrCat(module, absl::string_view("\0", 1), address);
}

bool IsFunction(const Section& section) {
  return section.live() && section.kind == SectionKind::kFunction;
}

}  // namespace

absl::string_view WithoutPlace(absl::string_view reason) {
  const size_t place = reason.rfind(" (at 0x");
  return place != absl::string_view::npos && absl::EndsWith(reason, ")")
             ? reason.substr(0, place)
             : reason;
}

Refusals::Refusals(const LinkGraph& graph,
                   const std::vector<CollectedRemarks::Kept>& remarks)
    : graph_(graph) {
  for (const CollectedRemarks::Kept& remark : remarks) {
    // A profile of something else refuses no function.
    if (remark.kind != RemarkKind::kRefused ||
        remark.pass == ApplyProfile::kName) {
      continue;
    }
    if (remark.address.empty() && !remark.subject.empty()) continue;
    reasons_.try_emplace(Key(remark.module, remark.address),
                         WithoutPlace(remark.message));
  }
}

std::string Refusals::ReasonOf(SectionId id) const {
  const Section& section = graph_.sections[id];
  if (section.arena_id.has_value()) return "";
  const auto reason = reasons_.find(
      Key(graph_.modules[section.module_id].name(), AddressText(section)));
  return section.home != LinkRange() && reason != reasons_.end()
             ? reason->second
             : std::string(section.pinned);
}

std::string Refusals::ReasonOf(ModuleId id) const {
  const auto reason = reasons_.find(Key(graph_.modules[id].name(), ""));
  return reason == reasons_.end() ? "" : reason->second;
}

std::vector<RefusalGroup> Refusals::Groups() const {
  std::map<std::string, RefusalGroup> by_reason;
  for (uint32_t i = 0; i < graph_.sections.size(); ++i) {
    const SectionId id(i);
    const Section& section = graph_.sections[id];
    if (!IsFunction(section)) continue;
    const std::string reason = ReasonOf(id);
    if (reason.empty()) continue;
    RefusalGroup& group = by_reason[reason];
    group.functions.push_back(id);
    group.bytes += section.size;
    group.weight += section.weight;
  }
  std::vector<RefusalGroup> groups;
  for (auto& [reason, group] : by_reason) {
    group.reason = reason;
    std::ranges::stable_sort(group.functions, {}, [&](SectionId id) {
      const Section& section = graph_.sections[id];
      return std::tuple(-section.weight, ~section.size);
    });
    groups.push_back(std::move(group));
  }
  std::ranges::stable_sort(groups, {}, [](const RefusalGroup& group) {
    return std::tuple(-group.weight, ~group.functions.size());
  });
  return groups;
}

}  // namespace relink::tools
