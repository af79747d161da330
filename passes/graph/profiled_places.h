// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_GRAPH_PROFILED_PLACES_H_
#define RELINK_PASSES_GRAPH_PROFILED_PLACES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "profiles/profile.h"
#include "relink/ir/link_graph.h"

namespace relink {

// Where in a graph the places of a profile are. Both must outlive it.
class ProfiledPlaces {
 public:
  // Finds which module of the profile is which of the graph: by build-id, or
  // by path and size where one of them has none. What tells nothing of its file
  // is about all modules. Reads build-ids.
  ProfiledPlaces(LinkGraph& graph, const profiles::Profile& profile);

  // The graph's module for one of the profile; none if the process does not
  // have it, or has another build of it.
  ModuleId Find(profiles::ModuleId id) const { return modules_[id.index()]; }
  // What seems to be another build of one that the graph does not have: it has
  // the same file name. Names of the profile may mean the same in it, addresses
  // do not.
  ModuleId OtherBuild(profiles::ModuleId id) const {
    return other_builds_[id.index()];
  }

  // The address that a place with one has in the file; nothing if no segment
  // has it, or if it is a symbol's.
  std::optional<LinkAddr> AddressOf(const profiles::Place& place) const;

  // Where the places are, by section and offset, once modules are split.
  void Index();
  // Nothing if no live function has the place.
  std::optional<InSection> FunctionAt(const profiles::Place& place) const;

 private:
  struct Home {
    LinkAddr begin;
    SectionId id;
  };

  void FindOtherBuilds();
  std::optional<InSection> Named(const profiles::Place& place) const;

  LinkGraph& graph_;
  const profiles::Profile& profile_;
  std::vector<ModuleId> modules_;         // By profiles::ModuleId.
  std::vector<ModuleId> other_builds_;    // The same.
  std::vector<std::vector<Home>> homes_;  // By ModuleId, ascending.
  // Functions by module and name; by none, those that only one module has.
  absl::flat_hash_map<std::pair<uint32_t, absl::string_view>, InSection> names_;
};

}  // namespace relink

#endif  // RELINK_PASSES_GRAPH_PROFILED_PLACES_H_
