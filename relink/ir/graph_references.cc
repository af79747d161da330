// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_references.h"

#include <variant>

#include "absl/strings/str_cat.h"
#include "relink/ir/graph_lexer.h"

namespace relink {
namespace {

constexpr absl::string_view kNothing = "none";

// `prefix` is a letter that says of what kind the label is.
std::string Label(char prefix, uint32_t number) {
  return absl::StrCat("%", absl::string_view(&prefix, 1), number);
}

using NameCounts = absl::flat_hash_map<absl::string_view, uint32_t>;

bool HasOneName(const NameCounts& names, absl::string_view name) {
  return !name.empty() && names.at(name) == 1;
}

std::string Reference(const NameCounts& names, absl::string_view name,
                      char prefix, uint32_t number) {
  if (!HasOneName(names, name)) return Label(prefix, number);
  return name == kNothing ? InQuotes(name) : Quoted(name);
}

std::string Definition(const NameCounts& names, absl::string_view name,
                       char prefix, uint32_t number) {
  if (HasOneName(names, name)) return Quoted(name);
  std::string head = Label(prefix, number);
  if (!name.empty()) absl::StrAppend(&head, " name=", Quoted(name));
  return head;
}

}  // namespace

GraphReferences::GraphReferences(const LinkGraph& graph)
    : graph_(graph),
      outside_(graph.modules.size() + 1),
      inside_(graph.sections.size()),
      numbers_(graph.symbols.size()) {
  for (const Module& module : graph.modules) ++modules_[module.name()];
  for (const Section& section : graph.sections) ++sections_[section.name];
  for (const Symbol& symbol : graph.symbols) {
    ++symbols_[symbol.name];
    ++own_symbols_[{ContextOf(symbol).index(), symbol.name}];
  }
  for (const Arena& arena : graph.arenas) ++arenas_[arena.name];
  for (uint32_t i = 0; i < graph.symbols.size(); ++i) {
    const SymbolId id(i);
    if (IsOwn(id)) continue;
    const Symbol& symbol = graph.symbols[id];
    const auto* place = std::get_if<InSection>(&symbol.definition);
    if (place != nullptr && place->section_id.index() < inside_.size()) {
      inside_[place->section_id.index()].push_back(id);
    } else if (symbol.module_id.index() < graph.modules.size()) {
      outside_[symbol.module_id.index()].push_back(id);
    } else {
      outside_.back().push_back(id);
    }
  }
  NumberSymbols();
  LabelSymbols();
}

ModuleId GraphReferences::ContextOf(const Symbol& symbol) const {
  const auto* place = std::get_if<InSection>(&symbol.definition);
  const ModuleId id =
      place != nullptr && place->section_id.index() < graph_.sections.size()
          ? graph_.sections[place->section_id].module_id
          : symbol.module_id;
  return id.index() < graph_.modules.size() ? id : ModuleId();
}

bool GraphReferences::Means(ModuleId from, const Symbol& symbol) const {
  const ModuleId context = ContextOf(symbol);
  if (context == from) return own_symbols_.at({from.index(), symbol.name}) == 1;
  return symbols_.at(symbol.name) == 1;
}

// Where something refers to it, its name may mean another one.
void GraphReferences::LabelSymbols() {
  labelled_.resize(graph_.symbols.size());
  for (uint32_t i = 0; i < graph_.symbols.size(); ++i) {
    const Symbol& symbol = graph_.symbols[SymbolId(i)];
    labelled_[i] = symbol.name.empty() || !Means(ContextOf(symbol), symbol);
  }
  for (const Section& section : graph_.sections) {
    const ModuleId from = section.module_id.index() < graph_.modules.size()
                              ? section.module_id
                              : ModuleId();
    const auto refer = [&](SymbolId id) {
      if (id.index() >= graph_.symbols.size()) return;
      if (!Means(from, graph_.symbols[id])) labelled_[id.index()] = true;
    };
    refer(section.symbol_id);
    for (const Fixup& fixup : section.fixups) refer(fixup.target);
  }
}

void GraphReferences::NumberSymbols() {
  uint32_t next = 0;
  for (const SymbolId id : outside_.back()) numbers_[id.index()] = next++;
  for (size_t i = 0; i + 1 < outside_.size(); ++i) {
    for (const SymbolId id : outside_[i]) numbers_[id.index()] = next++;
  }
  for (const std::vector<SymbolId>& symbols : inside_) {
    for (const SymbolId id : symbols) numbers_[id.index()] = next++;
  }
}

bool GraphReferences::IsOwn(SymbolId id) const {
  const Symbol& symbol = graph_.symbols[id];
  const auto* place = std::get_if<InSection>(&symbol.definition);
  if (place == nullptr || place->offset != 0 || !symbol.name.empty() ||
      place->section_id.index() >= graph_.sections.size()) {
    return false;
  }
  const Section& section = graph_.sections[place->section_id];
  return section.symbol_id == id && section.module_id == symbol.module_id;
}

const std::vector<SymbolId>& GraphReferences::OutsideOf(ModuleId id) const {
  return id.has_value() ? outside_[id.index()] : outside_.back();
}

const std::vector<SymbolId>& GraphReferences::InsideOf(SectionId id) const {
  return inside_[id.index()];
}

std::string GraphReferences::To(ModuleId id) const {
  if (id.index() >= graph_.modules.size()) return std::string(kNothing);
  return Reference(modules_, graph_.modules[id].name(), 'm', id.index());
}

std::string GraphReferences::To(SectionId id) const {
  if (id.index() >= graph_.sections.size()) return std::string(kNothing);
  return Reference(sections_, graph_.sections[id].name, 's', id.index());
}

std::string GraphReferences::To(ArenaId id) const {
  if (id.index() >= graph_.arenas.size()) return std::string(kNothing);
  return Reference(arenas_, graph_.arenas[id].name, 'a', id.index());
}

std::string GraphReferences::To(SymbolId id) const {
  if (id.index() >= graph_.symbols.size()) return std::string(kNothing);
  const Symbol& symbol = graph_.symbols[id];
  if (IsOwn(id)) {
    return absl::StrCat(
        "[", To(std::get<InSection>(symbol.definition).section_id), "]");
  }
  if (labelled_[id.index()]) return Label('y', numbers_[id.index()]);
  return symbol.name == kNothing ? InQuotes(symbol.name) : Quoted(symbol.name);
}

std::string GraphReferences::Head(ModuleId id) const {
  return Definition(modules_, graph_.modules[id].name(), 'm', id.index());
}

std::string GraphReferences::Head(SectionId id) const {
  return Definition(sections_, graph_.sections[id].name, 's', id.index());
}

std::string GraphReferences::Head(ArenaId id) const {
  return Definition(arenas_, graph_.arenas[id].name, 'a', id.index());
}

std::string GraphReferences::Head(SymbolId id) const {
  const absl::string_view name = graph_.symbols[id].name;
  if (!labelled_[id.index()]) return Quoted(name);
  std::string head = Label('y', numbers_[id.index()]);
  if (!name.empty()) absl::StrAppend(&head, " name=", Quoted(name));
  return head;
}

}  // namespace relink
