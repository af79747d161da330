// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/object_group.h"

#include <algorithm>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include "relink/link/scan_closure.h"
#include "relink/map/find_gap.h"
#include "relink/scan/objects/link_objects.h"
#include "relink/scan/objects/object_kind.h"
#include "relink/scan/scan_module.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// What a signed field of 32 bits reaches, less what no process has (and what
// programs at fixed addresses want).
constexpr RuntimeRange kReach = {RuntimeAddr(0x10000000), 0x70000000};

bool HoldsShortAddresses(const LinkGraph& graph) {
  for (const Section& section : graph.sections) {
    if (graph.modules[section.module_id].objects.empty()) continue;
    for (const Fixup& fixup : section.fixups) {
      if (fixup.rule->formula == Formula::kSymbol &&
          fixup.rule->field != Field::k64) {
        return true;
      }
    }
  }
  return false;
}

// What is mapped in the process.
std::vector<RuntimeRange> TakenRanges() {
  std::vector<RuntimeRange> taken;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uint64_t begin = 0;
    uint64_t end = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64, &begin, &end) == 2) {
      taken.push_back({RuntimeAddr(begin), end - begin});
    }
  }
  return taken;
}

}  // namespace

absl::StatusOr<Closure> ScanObjects(std::vector<ModuleSource> sources,
                                    const ClosureOptions& options) {
  std::vector<ModuleSource> objects;
  std::vector<Module> libraries;
  std::string name;
  for (ModuleSource& source : sources) {
    if (IsForStaticLinking(source.prefix())) {
      if (name.empty()) name = source.name();
      objects.push_back(std::move(source));
    } else {
      ASSIGN_OR_RETURN(Module module, ScanModule(std::move(source)));
      libraries.push_back(std::move(module));
    }
  }
  LinkGraph graph;
  ASSIGN_OR_RETURN(graph.root_id, LinkObjects(graph, std::move(objects), name));
  const auto host = HostModules::Current();
  for (Module& module : libraries) {
    Dependency dependency = {.name = module.soname.empty() ? module.name()
                                                           : module.soname};
    const bool loaded = options.store != nullptr &&
                        options.store->Find(dependency.name) != nullptr;
    // What is there already is found by its name.
    if (!loaded && !host->Find(dependency.name).has_value()) {
      dependency.module_id = graph.modules.Add(std::move(module));
    }
    graph.modules[graph.root_id].dependencies.push_back(std::move(dependency));
  }
  return ScanDependencies(std::move(graph), options);
}

void PlaceInReach(const LinkGraph& graph, Layout& layout) {
  if (!HoldsShortAddresses(graph)) return;
  std::vector<RuntimeRange> taken = TakenRanges();
  for (ReservationPlan& plan : layout.reservations) {
    if (plan.fixed || plan.size == 0) continue;
    const auto gap =
        FindGap(kReach, taken,
                {.size = AlignUp(plan.size, layout.page_size),
                 .alignment = std::max(plan.alignment, layout.page_size)});
    if (!gap.ok()) continue;
    plan.address = gap->begin;
    taken.push_back(*gap);
  }
}

}  // namespace relink
