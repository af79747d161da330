// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/register_plugin.h"

#include <cstdint>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/plugin/host_table.h"
#include "relink/plugin/plugin.h"
#include "relink/plugin/plugin_analysis.h"
#include "relink/plugin/plugin_pass.h"
#include "relink/plugin/registering_functions.h"
#include "relink/plugin/run_handle.h"
#include "relink/plugin/sized_struct.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::StatusOr<relink_pass_plugin> ReadInfo(const relink_pass_plugin* info) {
  if (info == nullptr) {
    return absl::InvalidArgumentError("relink_pass_plugin_info returned null");
  }
  // The version first: it says what else can be read.
  if (info->size < RELINK_SIZE_THROUGH(relink_pass_plugin, api_version)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "relink_pass_plugin: has no more than ", info->size, " bytes"));
  }
  const uint32_t version = info->api_version;
  if (version == 0 || version > RELINK_PASS_PLUGIN_API_VERSION) {
    return absl::FailedPreconditionError(
        absl::StrCat("was made for version ", version,
                     " of the plugin API; this Relink has versions 1 to ",
                     RELINK_PASS_PLUGIN_API_VERSION));
  }
  ASSIGN_OR_RETURN(
      const relink_pass_plugin read,
      ReadSized(info, RELINK_SIZE_THROUGH(relink_pass_plugin, register_passes),
                "relink_pass_plugin"));
  if (read.name.data == nullptr || read.name.size == 0) {
    return absl::InvalidArgumentError("relink_pass_plugin: has no name");
  }
  if (read.register_passes == nullptr) {
    return absl::InvalidArgumentError(
        "relink_pass_plugin: register_passes is null");
  }
  return read;
}

absl::Status RunRegistration(const relink_pass_plugin& info, Plugin& plugin) {
  relink_registry handle(plugin);
  const relink_code code = info.register_passes(plugin.host, &handle);
  if (!handle.error.ok()) {
    return Annotate(handle.error, absl::StrCat("plugin ", plugin.name));
  }
  return CallbackStatus(plugin, code, handle.error);
}

}  // namespace

absl::StatusOr<PluginInfo> RegisterPlugin(const relink_pass_plugin* info,
                                          std::shared_ptr<const void> library,
                                          PassRegistry& registry) {
  ASSIGN_OR_RETURN(const relink_pass_plugin read, ReadInfo(info));
  const auto filled = std::make_shared<Plugin>();
  filled->library = std::move(library);
  filled->host = &HostTable();
  filled->name = std::string(View(read.name));
  filled->version = std::string(View(read.version));
  filled->others = registry.analyses();
  RETURN_IF_ERROR(RunRegistration(read, *filled));

  const std::shared_ptr<const Plugin> plugin = filled;
  std::vector<PassRow> passes;
  for (const PluginPassEntry& entry : plugin->passes) {
    passes.push_back(PluginPassRow(plugin, entry));
  }
  std::vector<AnalysisRow> analyses;
  for (const PluginAnalysisEntry& entry : plugin->analyses) {
    analyses.push_back(PluginAnalysisRow(plugin, entry));
  }
  RETURN_IF_ERROR(
      Annotate(registry.AddRows(std::move(passes), std::move(analyses)),
               absl::StrCat("plugin ", plugin->name)));
  return PluginInfo{plugin->name, plugin->version};
}

}  // namespace relink
