// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/module_registry.h"

#include <algorithm>
#include <utility>

namespace relink {

ModuleRegistry& ModuleRegistry::Process() {
  static ModuleRegistry& registry = *new ModuleRegistry();
  return registry;
}

std::optional<ModuleRegistry::Place> ModuleRegistry::Find(
    RuntimeAddr addr) const {
  const LoadedRegion* region = FindRegion(addr);
  if (region == nullptr) return std::nullopt;
  if (region->module != nullptr) {
    const LinkAddr home(addr.value() - region->module->map.l_addr);
    return Place{region->module, home, region};
  }
  const auto after = std::ranges::upper_bound(
      region->parts, addr, {},
      [](const LoadedRegion::Part& part) { return part.memory.begin; });
  if (after == region->parts.begin()) return std::nullopt;
  const LoadedRegion::Part& part = *std::prev(after);
  if (!part.memory.Contains(addr)) return std::nullopt;
  const auto offset = static_cast<uint64_t>(addr - part.memory.begin);
  return Place{part.module, part.home + offset, region};
}

ModuleRegistry::Counters ModuleRegistry::counters() {
  std::lock_guard lock(mutex_);
  return counters_;
}

int ModuleRegistry::ForEach(
    absl::FunctionRef<int(const RegisteredModule&, const Counters&)> visit) {
  std::lock_guard lock(mutex_);
  for (const LoadedGroup* group : groups_) {
    for (const RegisteredModule& module : group->modules) {
      const int result = visit(module, counters_);
      if (result != 0) return result;
    }
  }
  return 0;
}

void ModuleRegistry::Add(const LoadedGroup& group) {
  std::lock_guard lock(mutex_);
  groups_.push_back(&group);
  counters_.added += group.modules.size();
  for (const LoadedRegion& region : group.regions) {
    const auto at = std::ranges::upper_bound(
        entries_, region.memory.begin, {},
        [](const AddressIndex::Entry& entry) { return entry.memory.begin; });
    entries_.insert(at, {region.memory, &region});
  }
  index_.Replace(entries_);
}

void ModuleRegistry::Remove(const LoadedGroup& group) {
  std::lock_guard lock(mutex_);
  std::erase(groups_, &group);
  counters_.removed += group.modules.size();
  const auto of_group = [&](const AddressIndex::Entry& entry) {
    const auto* region = static_cast<const LoadedRegion*>(entry.owner);
    return region >= group.regions.data() &&
           region < group.regions.data() + group.regions.size();
  };
  std::erase_if(entries_, of_group);
  index_.Replace(entries_);
}

ModuleRegistration::ModuleRegistration(LoadedGroup group)
    : group_(std::move(group)) {
  ModuleRegistry::Process().Add(group_);
}

ModuleRegistration::~ModuleRegistration() {
  ModuleRegistry::Process().Remove(group_);
}

}  // namespace relink
