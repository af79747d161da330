// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/graph/choose_materialization.h"

#include <algorithm>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "passes/graph/named_sections.h"
#include "passes/module_unit.h"
#include "passes/section_text.h"
#include "relink/pass/capability_level.h"
#include "relink/pass/remark.h"

namespace relink {
namespace {

std::string TooLittle(const Module& module, Capability needed) {
  return absl::StrCat("is ", Name(module.capability), ", must be ",
                      Name(needed), " at least");
}

// Empty if the module can go to arenas.
std::string WhyNotArenas(const LinkGraph& graph, ModuleId id) {
  const Module& module = graph.modules[id];
  if (module.capability < Capability::kReorderable) {
    return TooLittle(module, Capability::kReorderable);
  }
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    const Section& section = graph.sections[SectionId(i)];
    if (section.module_id == id && section.live() && !section.pinned.empty()) {
      return absl::StrCat(SectionText(graph, SectionId(i)),
                          " is pinned: ", section.pinned);
    }
  }
  return "";
}

// Empty if copies of its functions can.
std::string WhyNotOverlay(const Module& module) {
  return module.capability < Capability::kOverlayable
             ? TooLittle(module, Capability::kOverlayable)
             : "";
}

}  // namespace

absl::StatusOr<ChooseMaterialization> ChooseMaterialization::Create(
    const PassOptions& options) {
  const std::string prefer = options.Choice("prefer");
  ChooseMaterialization choose;
  choose.prefer = prefer == "whole"    ? Materialization::kWhole
                  : prefer == "arenas" ? Materialization::kArenas
                                       : Materialization::kOverlay;
  choose.modules = options.List("modules");
  choose.force = options.Flag("force");
  return choose;
}

absl::StatusOr<PreservedAnalyses> ChooseMaterialization::Run(
    LinkGraph& graph, AnalysisManager<LinkGraph>& analyses) const {
  PreservedAnalyses preserved = PreservedAnalyses::All();
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const ModuleId id(i);
    const absl::string_view path = graph.modules[id].name();
    const absl::string_view file_name = path.substr(path.rfind('/') + 1);
    if (std::ranges::none_of(modules, [&](const std::string& pattern) {
          return Matches(pattern, file_name);
        })) {
      continue;
    }
    std::string why;
    Materialization chosen = prefer;
    // There are no segments to stay with.
    if (!graph.modules[id].objects.empty() &&
        chosen != Materialization::kArenas) {
      chosen = Materialization::kArenas;
      why = "is made of object files";
    }
    if (chosen == Materialization::kArenas) {
      const OpenDepth before = graph.modules[id].depth;
      ModuleUnit unit = {graph, id, analyses};
      const Capability needed = Capability::kReorderable;
      const absl::Status opened =
          unit.Provide({static_cast<uint8_t>(needed), Name(needed)}).status();
      if (graph.modules[id].depth != before) {
        preserved = PreservedAnalyses::None();
      }
      const std::string why_not =
          opened.ok() ? WhyNotArenas(graph, id) : std::string(opened.message());
      if (!why_not.empty()) {
        chosen = Materialization::kOverlay;
        why = why_not;
      }
    }
    Module& module = graph.modules[id];
    if (chosen == Materialization::kOverlay) {
      const std::string why_not = WhyNotOverlay(module);
      if (!why_not.empty()) {
        chosen = Materialization::kWhole;
        why = why_not;
      }
    }
    if (force && chosen != prefer) {
      return absl::FailedPreconditionError(
          absl::StrCat(module.name(), ": cannot be ", Name(prefer), ": ", why));
    }
    module.materialization = chosen;
    analyses.counters().Add(kName, Name(chosen));
    if (!analyses.remarks().wanted()) continue;
    analyses.remarks().Add(
        {.pass = kName,
         .kind = why.empty() ? RemarkKind::kNote : RemarkKind::kRefused,
         .module = module.name(),
         .message = absl::StrCat(Name(chosen), why.empty() ? "" : ": ", why)});
  }
  return preserved;
}

absl::Status ChooseIfNothingDid(LinkGraph& graph,
                                AnalysisManager<LinkGraph>& analyses) {
  const bool chosen =
      std::ranges::any_of(graph.modules, [](const Module& module) {
        return module.materialization != Materialization::kWhole;
      });
  if (chosen) return absl::OkStatus();
  return ChooseMaterialization().Run(graph, analyses).status();
}

}  // namespace relink
