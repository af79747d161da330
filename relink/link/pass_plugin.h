// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_PASS_PLUGIN_H_
#define RELINK_LINK_PASS_PLUGIN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/link/library.h"
#include "relink/pass/pass_registry.h"

namespace relink {

// A shared library of passes, as relink/plugin/relink_pass_plugin.h describes
// it. Its passes run in this process, and are trusted as its own code is.
struct PassPlugin {
  std::string path;
  std::string name;
  std::string version;

  // Loads the library at `path` with what it needs, and adds its passes and
  // analyses to `registry`: all of them, or nothing. The library stays loaded
  // for as long as anything that came of it: rows of the registry, passes,
  // results of analyses.
  //
  // InvalidArgument: it is no pass plugin, or what it registers makes no sense.
  // FailedPrecondition: it was made for a newer Relink.  AlreadyExists: a name
  // is taken.  Others are of loading it, or its own.
  static absl::StatusOr<PassPlugin> Load(absl::string_view path,
                                         PassRegistry& registry);

  // The same for one that is loaded already.
  static absl::StatusOr<PassPlugin> Add(Library library,
                                        PassRegistry& registry);
};

}  // namespace relink

#endif  // RELINK_LINK_PASS_PLUGIN_H_
