// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_RESOLVER_H_
#define RELINK_LINK_RESOLVER_H_

#include <functional>
#include <span>
#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/link/search_step.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/loaded_module.h"

namespace relink {

// To be opened by the host's own dlopen, as it sees fit, and used from there.
struct ThroughDlopen {
  std::string path;
};

// Where a dependency comes from: a module to load, one that the process has of
// its own, one that Relink loaded before, or one that the host loads.
using Resolution =
    std::variant<ModuleSource, HostModuleId, ModuleRef, ThroughDlopen>;

// What is to be found.
struct DependencyRequest {
  absl::string_view name;
  // The module that needs it; null if the program asks for it.
  const Module* requester = nullptr;
  // The module of the process's own that asks for it, if one is known to; then
  // there is no requester.
  const HostModule* host_requester = nullptr;
  // Who needed the requester, who needed that, and so on to the root, whose
  // DT_RPATH counts, too.
  std::span<const Module* const> loaders = {};
  const HostModules& host;
  // Told of every place that is looked at; null for nobody.
  const std::function<void(const SearchStep&)>* trace = nullptr;

  absl::string_view requester_name() const {
    return requester == nullptr ? absl::string_view() : requester->name();
  }
  void Tell(SearchRule rule, absl::string_view place,
            SearchOutcome outcome) const {
    if (trace == nullptr) return;
    (*trace)({.requester = requester_name(),
              .name = name,
              .rule = rule,
              .place = std::string(place),
              .outcome = outcome});
  }
};

// Decides where dependencies come from. Called once for each name that a module
// needs and that no module of the link or of its context already answers to;
// from several threads at once if loads run in several.
class Resolver {
 public:
  virtual ~Resolver() = default;

  // NotFound: says where it was looked for.
  virtual absl::StatusOr<Resolution> Resolve(
      const DependencyRequest& request) = 0;
};

}  // namespace relink

#endif  // RELINK_LINK_RESOLVER_H_
