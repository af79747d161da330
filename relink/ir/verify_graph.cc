// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/verify_graph.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/ir/verify_sections.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::Status Fail(absl::string_view subject, absl::string_view what) {
  return absl::InternalError(absl::StrCat(subject, ": ", what));
}

absl::Status VerifySegments(const Module& module) {
  for (size_t i = 1; i < module.segments.size(); ++i) {
    if (module.segments[i - 1].memory.end() > module.segments[i].memory.begin) {
      return Fail(module.name(),
                  absl::StrCat("segment ", i, " is not behind the one before"));
    }
  }
  return absl::OkStatus();
}

absl::Status VerifyDependencies(const LinkGraph& graph, const Module& module) {
  for (const Dependency& needed : module.dependencies) {
    if (needed.module_id.has_value() == needed.external_id.has_value()) {
      return Fail(module.name(),
                  absl::StrCat("dependency ", needed.name,
                               " is not resolved to exactly one module"));
    }
    if (needed.module_id.has_value() &&
        needed.module_id.index() >= graph.modules.size()) {
      return Fail(module.name(), absl::StrCat("dependency ", needed.name,
                                              " is no module of the graph"));
    }
  }
  return absl::OkStatus();
}

absl::Status VerifyFunctions(const Module& module) {
  if (module.depth < OpenDepth::kFunctions &&
      (!module.functions.empty() || !module.jump_tables.empty())) {
    return Fail(module.name(), absl::StrCat("has functions, but is opened to ",
                                            Name(module.depth)));
  }
  for (size_t i = 1; i < module.functions.size(); ++i) {
    if (module.functions[i - 1].range.end() > module.functions[i].range.begin) {
      return Fail(
          module.name(),
          absl::StrCat("function ", i, " at 0x",
                       absl::Hex(module.functions[i].range.begin.value()),
                       " is not behind the one before"));
    }
  }
  for (const JumpTable& table : module.jump_tables) {
    if (table.function >= module.functions.size()) {
      return Fail(
          module.name(),
          absl::StrCat("jump table at 0x", absl::Hex(table.range.begin.value()),
                       " is of no function"));
    }
  }
  return absl::OkStatus();
}

absl::Status VerifyCapability(const Module& module) {
  const Capability least = [&] {
    switch (module.materialization) {
      case Materialization::kWhole:
        return Capability::kOpaque;
      case Materialization::kOverlay:
        return Capability::kOverlayable;
      case Materialization::kArenas:
        return Capability::kReorderable;
    }
    return Capability::kOpaque;
  }();
  if (module.capability < least) {
    return Fail(module.name(), absl::StrCat("is ", Name(module.capability),
                                            ", which is too little for ",
                                            Name(module.materialization)));
  }
  return absl::OkStatus();
}

// Whether each module's list is its sections of kind kOutput, ascending.
absl::Status VerifySectionLists(const LinkGraph& graph) {
  std::vector<size_t> counts(graph.modules.size());
  for (const Section& section : graph.sections) {
    if (section.kind == SectionKind::kOutput) {
      ++counts[section.module_id.index()];
    }
  }
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const Module& module = graph.modules[ModuleId(i)];
    std::vector<SectionId> ids = module.sections;
    std::ranges::sort(ids);
    if (ids.size() != counts[i] ||
        std::ranges::adjacent_find(ids) != ids.end()) {
      return Fail(module.name(), "does not list each of its sections once");
    }
    for (size_t j = 0; j < module.sections.size(); ++j) {
      const SectionId id = module.sections[j];
      if (id.index() >= graph.sections.size() ||
          graph.sections[id].module_id != ModuleId(i) ||
          graph.sections[id].kind != SectionKind::kOutput) {
        return Fail(module.name(), absl::StrCat("lists section ", id.index(),
                                                ", which is none of its own"));
      }
      if (j > 0 && graph.sections[module.sections[j - 1]].home.begin >
                       graph.sections[id].home.begin) {
        return Fail(module.name(), "lists its sections out of order");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status VerifyModules(const LinkGraph& graph) {
  if (!graph.modules.empty() && graph.root_id.index() >= graph.modules.size()) {
    return absl::InternalError("the root is no module of the graph");
  }
  for (const Module& module : graph.modules) {
    RETURN_IF_ERROR(VerifySegments(module));
    RETURN_IF_ERROR(VerifyDependencies(graph, module));
    RETURN_IF_ERROR(VerifyFunctions(module));
    RETURN_IF_ERROR(VerifyCapability(module));
  }
  return absl::OkStatus();
}

absl::Status VerifySymbol(const LinkGraph& graph, SymbolId id) {
  const Symbol& symbol = graph.symbols[id];
  const auto fail = [&](absl::string_view what) {
    return absl::InternalError(absl::StrCat("symbol ", id.index(),
                                            symbol.name.empty() ? "" : ", ",
                                            symbol.name, ": ", what));
  };
  if (symbol.module_id.index() >= graph.modules.size()) {
    return fail("belongs to no module");
  }
  const auto* place = std::get_if<InSection>(&symbol.definition);
  if (place == nullptr) return absl::OkStatus();
  if (place->section_id.index() >= graph.sections.size()) {
    return fail("is in no section of the graph");
  }
  const Section& section = graph.sections[place->section_id];
  // One at the end of a section can be behind what fills it up.
  if (place->offset > std::max(section.size, section.home.size)) {
    return fail(absl::StrCat("is past the end of ",
                             Described(graph, place->section_id)));
  }
  if (symbol.exported && !section.live()) {
    return fail(absl::StrCat("may be asked for, but ",
                             Described(graph, place->section_id),
                             section.dead ? " is dead" : " was split"));
  }
  return absl::OkStatus();
}

absl::Status VerifyOrder(const LinkGraph& graph) {
  std::vector<bool> seen(graph.sections.size());
  for (const SectionId id : graph.order) {
    if (id.index() >= graph.sections.size()) {
      return Fail("order",
                  absl::StrCat("section ", id.index(), " is not in the graph"));
    }
    const Section& section = graph.sections[id];
    if (!section.live()) {
      return Fail("order",
                  absl::StrCat(Described(graph, id),
                               section.dead ? " is dead" : " was split"));
    }
    if (seen[id.index()]) {
      return Fail("order", absl::StrCat(Described(graph, id), " comes twice"));
    }
    seen[id.index()] = true;
  }
  for (uint32_t i = 0; i < graph.sections.size(); ++i) {
    if (graph.sections[SectionId(i)].live() && !seen[i]) {
      return Fail("order",
                  absl::StrCat(Described(graph, SectionId(i)), " is missing"));
    }
  }
  return absl::OkStatus();
}

absl::Status VerifySamples(const LinkGraph& graph) {
  const Sample* before = nullptr;
  for (const Sample& sample : graph.samples) {
    const SectionId id = sample.section_id;
    if (id.index() >= graph.sections.size()) {
      return Fail("samples",
                  absl::StrCat("section ", id.index(), " is not in the graph"));
    }
    if (sample.offset >= graph.sections[id].size) {
      return Fail("samples",
                  absl::StrCat("0x", absl::Hex(sample.offset),
                               " is outside of ", Described(graph, id)));
    }
    if (!std::isfinite(sample.weight) || sample.weight < 0) {
      return Fail("samples",
                  absl::StrCat("of ", Described(graph, id),
                               ": weight is negative, or no number"));
    }
    if (before != nullptr && !(*before < sample)) {
      return Fail("samples",
                  absl::StrCat("of ", Described(graph, id), " do not ascend"));
    }
    before = &sample;
  }
  return absl::OkStatus();
}

// What follows another section is behind it in the same arena.
absl::Status VerifyFollowers(const LinkGraph& graph) {
  std::vector<SectionId> last(graph.arenas.size());
  for (const SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    const ArenaId arena_id = section.arena_id;
    if (section.follows &&
        (!arena_id.has_value() || !last[arena_id.index()].has_value() ||
         graph.sections[last[arena_id.index()]].home.end() !=
             section.home.begin ||
         section.alignment != 1)) {
      return Fail(Described(graph, id), "does not follow what runs on into it");
    }
    if (arena_id.has_value()) last[arena_id.index()] = id;
  }
  return absl::OkStatus();
}

absl::Status VerifyCalls(const LinkGraph& graph) {
  std::vector<std::pair<SectionId, SectionId>> pairs;
  pairs.reserve(graph.calls.size());
  for (const CallEdge& call : graph.calls) {
    for (const SectionId id : {call.caller_id, call.callee_id}) {
      if (id.index() >= graph.sections.size()) {
        return Fail("calls", absl::StrCat("section ", id.index(),
                                          " is not in the graph"));
      }
    }
    if (!std::isfinite(call.weight) || call.weight < 0) {
      return Fail("calls",
                  absl::StrCat("from ", Described(graph, call.caller_id),
                               ": weight is negative, or no number"));
    }
    pairs.emplace_back(call.caller_id, call.callee_id);
  }
  std::ranges::sort(pairs);
  const auto twice = std::ranges::adjacent_find(pairs);
  if (twice != pairs.end()) {
    return Fail("calls",
                absl::StrCat("from ", Described(graph, twice->first), " to ",
                             Described(graph, twice->second), " come twice"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyGraph(const LinkGraph& graph) {
  RETURN_IF_ERROR(VerifyModules(graph));
  RETURN_IF_ERROR(VerifySections(graph));
  RETURN_IF_ERROR(VerifySectionLists(graph));
  for (uint32_t i = 0; i < graph.symbols.size(); ++i) {
    RETURN_IF_ERROR(VerifySymbol(graph, SymbolId(i)));
  }
  RETURN_IF_ERROR(VerifyOrder(graph));
  RETURN_IF_ERROR(VerifyFollowers(graph));
  RETURN_IF_ERROR(VerifySamples(graph));
  return VerifyCalls(graph);
}

}  // namespace relink
