// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/reference_targets.h"

#include "relink/elf/constants.h"

namespace relink {

ReferenceTargets::ReferenceTargets(LinkGraph& graph, ModuleId id,
                                   const SectionIndex& sections, CodeMap& code,
                                   std::span<const Function> functions)
    : graph_(graph),
      id_(id),
      sections_(sections),
      code_(code),
      function_symbols_(functions.size()) {
  // For each function, and some for what cutting them needs.
  graph.symbols.Reserve(graph.symbols.size() + functions.size() +
                        functions.size() / 4);
  const std::vector<Segment>& segments = graph.modules[id].segments;
  const LinkAddr begin = segments.front().memory.begin;
  memory_ = {begin,
             static_cast<uint64_t>(segments.back().memory.end() - begin)};
}

SymbolId ReferenceTargets::AddSymbol(const CodeSection& section,
                                     LinkAddr address) {
  Symbol symbol;
  symbol.module_id = id_;
  symbol.definition =
      InSection{sections_.id(section.number()), section.OffsetOf(address)};
  symbol.type = elf::kSttFunc;
  return graph_.symbols.Add(symbol);
}

ReferenceTargets::Target ReferenceTargets::FindInCode(
    const CodeSection& section, LinkAddr address) {
  const size_t unit = section.UnitAt(section.OffsetOf(address));
  const uint32_t number = section.units()[unit].function;
  if (number == CodeUnit::kNoFunction) {
    SymbolId& symbol = other_code_[address.value()];
    if (!symbol.has_value()) symbol = AddSymbol(section, address);
    return {symbol, address};
  }
  const LinkAddr begin = section.home().begin + section.units()[unit].begin;
  SymbolId& symbol = function_symbols_[number];
  if (!symbol.has_value()) {
    symbol = begin == section.home().begin ? sections_.symbol(section.number())
                                           : AddSymbol(section, begin);
  }
  return {symbol, begin};
}

ReferenceTargets::Target ReferenceTargets::Find(LinkAddr address) {
  const CodeSection* section = code_.Find(address);
  if (section != nullptr) return FindInCode(*section, address);
  // The end of a module's memory is a reference to it, too.
  if (!memory_.Contains(LinkRange{address, 0})) return {};
  const uint32_t number = sections_.FindNearest(address);
  if (number == SectionIndex::kNone) return {};
  return {sections_.symbol(number), sections_.home(number).begin};
}

}  // namespace relink
