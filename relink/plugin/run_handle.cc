// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/run_handle.h"

#include <cstddef>

#include "absl/strings/str_cat.h"

namespace relink {
namespace {

absl::Status CheckIndex(absl::string_view what, relink_id id, size_t count) {
  if (id < count) return absl::OkStatus();
  return absl::OutOfRangeError(
      absl::StrCat("no ", what, " ", id, ": there are ", count));
}

}  // namespace

relink_code Finish(relink_run* run, absl::Status status) {
  if (status.ok()) return RELINK_OK;
  run->error = std::move(status);
  return static_cast<relink_code>(run->error.raw_code());
}

absl::Status CallbackStatus(const Plugin& plugin, relink_code code,
                            const absl::Status& error) {
  if (code == RELINK_OK) return absl::OkStatus();
  const bool explained = error.raw_code() == code;
  const std::string message =
      explained ? std::string(error.message()) : absl::StrCat("error ", code);
  const bool known = code > 0 && code <= 16;  // absl::StatusCode.
  return absl::Status(
      known ? static_cast<absl::StatusCode>(code) : absl::StatusCode::kInternal,
      absl::StrCat("plugin ", plugin.name, ": ", message));
}

absl::StatusOr<LinkGraph*> EditableGraph(relink_run* run) {
  if (run->graph != nullptr) return run->graph;
  return absl::FailedPreconditionError(
      run->placed != nullptr ? "the graph is placed, and cannot change any more"
                             : "an analysis changes nothing");
}

absl::StatusOr<const PlacedGraph*> PlacedGraphOf(const relink_run* run) {
  if (run->placed_to_read != nullptr) return run->placed_to_read;
  return absl::FailedPreconditionError("nothing is placed yet");
}

absl::Status CheckModule(const LinkGraph& graph, relink_id id) {
  return CheckIndex("module", id, graph.modules.size());
}
absl::Status CheckSection(const LinkGraph& graph, relink_id id) {
  return CheckIndex("section", id, graph.sections.size());
}
absl::Status CheckSymbol(const LinkGraph& graph, relink_id id) {
  return CheckIndex("symbol", id, graph.symbols.size());
}
absl::Status CheckArena(const LinkGraph& graph, relink_id id) {
  return CheckIndex("arena", id, graph.arenas.size());
}

absl::Status CheckIsPlaced(const PlacedGraph& placed, relink_id id) {
  absl::Status status = CheckSection(placed.graph(), id);
  if (!status.ok()) return status;
  const Section& section = placed.section(SectionId(id));
  if (section.live() && id < placed.layout().sections.size() &&
      (placed.layout().IsPlaced(SectionId(id)) ||
       (section.home.size > 0 &&
        !placed.placed(section.module_id).in_arenas()))) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      absl::StrCat("section ", id, " is not placed"));
}

}  // namespace relink
