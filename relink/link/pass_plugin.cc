// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/pass_plugin.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "relink/link/loader.h"
#include "relink/link/pipeline.h"
#include "relink/plugin/register_plugin.h"
#include "relink/plugin/relink_pass_plugin.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Of the library itself: what it needs may be a plugin, too.
bool Exports(const Library& library, absl::string_view name) {
  return std::ranges::any_of(
      library.symbols(),
      [&](const LibrarySymbol& symbol) { return symbol.name == name; });
}

absl::StatusOr<PluginInfo> Register(const Library& library,
                                    PassRegistry& registry) {
  constexpr absl::string_view kExport = "relink_pass_plugin_info";
  if (!Exports(library, kExport)) {
    return absl::InvalidArgumentError(
        "is no pass plugin: does not export relink_pass_plugin_info");
  }
  ASSIGN_OR_RETURN(const auto info,
                   library.Get<decltype(relink_pass_plugin_info)>(kExport));
  return RegisterPlugin(info(), std::make_shared<const Library>(library),
                        registry);
}

}  // namespace

absl::StatusOr<PassPlugin> PassPlugin::Load(absl::string_view path,
                                            PassRegistry& registry) {
  // Explicitly without passes: the environment's are not for plugins.
  const Pipeline no_passes;
  Loader loader({.pipeline = &no_passes});
  ASSIGN_OR_RETURN(Library library, loader.LoadDylib(path));
  return Add(std::move(library), registry);
}

absl::StatusOr<PassPlugin> PassPlugin::Add(Library library,
                                           PassRegistry& registry) {
  absl::StatusOr<PluginInfo> info = Register(library, registry);
  if (!info.ok()) return Annotate(info.status(), library.name());
  return PassPlugin{library.name(), std::move(info->name),
                    std::move(info->version)};
}

}  // namespace relink
