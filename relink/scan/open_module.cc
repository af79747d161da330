// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/open_module.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"
#include "relink/scan/file_parts.h"
#include "relink/scan/open_functions.h"
#include "relink/scan/plan_fixups.h"
#include "relink/scan/plan_sections.h"
#include "relink/scan/plan_symbols.h"
#include "relink/scan/section_index.h"
#include "relink/support/large_vector.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::Status CheckMayOpen(const Module& module) {
  if (!module.position_independent) {
    return absl::UnimplementedError("is at fixed addresses: cannot be opened");
  }
  if ((module.dynamic.flags & elf::kDfTextrel) != 0) {
    return absl::UnimplementedError("relocates its code: cannot be opened");
  }
  return absl::OkStatus();
}

// The symbol of DT_SYMTAB's first entry, among those that are in the graph.
SymbolId FirstDynamic(const LinkGraph& graph, ModuleId id) {
  for (uint32_t i = 0; i < graph.symbols.size(); ++i) {
    const Symbol& symbol = graph.symbols[SymbolId(i)];
    if (symbol.module_id == id && symbol.dynamic_index == 1) return SymbolId(i);
  }
  return {};
}

// Everything that can fail is planned first; then the graph changes.
template <class E>
class Opener {
 public:
  Opener(LinkGraph& graph, ModuleId id) : graph_(graph), id_(id) {}

  // With `wanted`: as OpenFunctionsAt.
  absl::Status Open(OpenDepth depth, const WantedFunctions* wanted) {
    const OpenDepth before = module().depth;
    ASSIGN_OR_RETURN(const FileParts<E> parts, ReadFileParts<E>(module()));
    ASSIGN_OR_RETURN(std::vector<PlannedSection> plan,
                     PlanSections<E>(module(), parts));
    const bool has_sections = before >= OpenDepth::kSections;
    const bool has_symbols = before >= OpenDepth::kSymbols;
    const SectionId first_section = has_sections && !plan.empty()
                                        ? module().sections.front()
                                        : SectionId(Count(graph_.sections));
    const SymbolId first_symbol = has_sections && !plan.empty()
                                      ? graph_.sections[first_section].symbol_id
                                      : SymbolId(Count(graph_.symbols));
    const SectionIndex sections(plan, first_section, first_symbol);
    LargeVector<Symbol> symbols;
    SymbolId first_dynamic(Count(graph_.symbols) +
                           (has_sections ? 0 : sections.count()));
    if (has_symbols) {
      first_dynamic = FirstDynamic(graph_, id_);
    } else if (depth >= OpenDepth::kSymbols) {
      symbols = PlanSymbols<E>(id_, module(), parts, sections);
    }
    PlannedFixups fixups;
    if (before < OpenDepth::kFixups && depth >= OpenDepth::kFixups &&
        wanted == nullptr) {
      ASSIGN_OR_RETURN(fixups, PlanFixups<E>(module(), parts, plan, sections,
                                             first_dynamic));
    }
    module().file = parts.file.bytes();
    if (!has_sections) AddSections(plan);
    graph_.symbols.Reserve(graph_.symbols.size() + symbols.size());
    for (Symbol& symbol : symbols) graph_.symbols.Add(std::move(symbol));
    symbols = LargeVector<Symbol>();
    for (uint32_t i = 0; i < fixups.size(); ++i) {
      graph_.sections[sections.id(i)].fixups = std::move(fixups[i]);
    }
    if (!plan.empty() && plan.front().header != 0) {
      module().capability =
          std::max(module().capability, Capability::kSectioned);
    }
    if (depth >= OpenDepth::kFunctions && module().target->decode != nullptr) {
      OpenFunctions<E>(graph_, id_, parts, plan, sections, wanted);
    }
    module().some_functions = wanted != nullptr;
    module().depth = depth;
    return absl::OkStatus();
  }

 private:
  Module& module() { return graph_.modules[id_]; }

  template <typename Table>
  static uint32_t Count(const Table& table) {
    return static_cast<uint32_t>(table.size());
  }

  void AddSections(std::span<PlannedSection> plan) {
    const uint32_t first_symbol = Count(graph_.symbols);
    for (PlannedSection& planned : plan) {
      Section section = planned.section;
      if (!planned.made_name.empty()) {
        section.name = graph_.KeepName(planned.made_name);
      }
      section.module_id = id_;
      section.symbol_id = SymbolId(
          first_symbol + static_cast<uint32_t>(module().sections.size()));
      const SectionId section_id = graph_.sections.Add(std::move(section));
      module().sections.push_back(section_id);
      graph_.order.push_back(section_id);
    }
    for (const SectionId section_id : module().sections) {
      Symbol symbol;
      symbol.module_id = id_;
      symbol.definition = InSection{section_id, 0};
      symbol.type = elf::kSttSection;
      graph_.symbols.Add(std::move(symbol));
    }
  }

  LinkGraph& graph_;
  ModuleId id_;
};

}  // namespace

absl::Status OpenModule(LinkGraph& graph, ModuleId id, OpenDepth depth) {
  const Module& module = graph.modules[id];
  if (module.depth >= depth) return absl::OkStatus();
  absl::Status status = CheckMayOpen(module);
  if (status.ok()) {
    status = Opener<elf::Elf64Le>(graph, id).Open(depth, /*wanted=*/nullptr);
  }
  return status.ok() ? status : Annotate(status, module.name());
}

absl::Status OpenFunctionsAt(LinkGraph& graph, ModuleId id,
                             const WantedFunctions& wanted) {
  const Module& module = graph.modules[id];
  if (module.depth != OpenDepth::kClosed) {
    return absl::FailedPreconditionError(
        absl::StrCat(module.name(), ": is open already"));
  }
  absl::Status status = CheckMayOpen(module);
  if (status.ok()) {
    status =
        Opener<elf::Elf64Le>(graph, id).Open(OpenDepth::kFunctions, &wanted);
  }
  return status.ok() ? status : Annotate(status, module.name());
}

}  // namespace relink
