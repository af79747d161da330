// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_RESOLVER_H_
#define RELINK_LINK_RESOLVER_H_

#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/runtime/host_modules.h"

namespace relink {

// Where a dependency comes from: a module to load, or one that the process
// already has.
using Resolution = std::variant<ModuleSource, HostModuleId>;

// Decides it. Called once for each name that a module needs and that no module
// of the link already answers to.
class Resolver {
 public:
  virtual ~Resolver() = default;

  // NotFound: says where it was looked for.
  virtual absl::StatusOr<Resolution> Resolve(absl::string_view name,
                                             const Module& requester,
                                             const HostModules& host) = 0;
};

// The usual answer: what the process has; then the requester's DT_RUNPATH or
// DT_RPATH with $ORIGIN, LD_LIBRARY_PATH, directories of the embedder's, and
// the system's. A name with a slash is a path. Stateless once made, so
// thread-safe.
class SearchPathResolver final : public Resolver {
 public:
  explicit SearchPathResolver(std::vector<std::string> directories = {});

  absl::StatusOr<Resolution> Resolve(absl::string_view name,
                                     const Module& requester,
                                     const HostModules& host) override;

 private:
  std::vector<std::string> directories_;  // LD_LIBRARY_PATH's first.
};

}  // namespace relink

#endif  // RELINK_LINK_RESOLVER_H_
