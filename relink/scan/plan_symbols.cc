// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/plan_symbols.h"

#include <cstdint>

#include "absl/strings/string_view.h"
#include "relink/elf/constants.h"
#include "relink/support/status.h"

namespace relink {
namespace {

using elf::Sym;

using Definition = decltype(Symbol::definition);

template <class E>
class Planner {
 public:
  Planner(ModuleId id, const Module& module, const SectionIndex& sections)
      : id_(id), module_(module), sections_(sections) {}

  Symbol Plan(const Sym<E>& entry, absl::string_view name) const {
    Symbol symbol;
    symbol.name = name;
    symbol.module_id = id_;
    symbol.definition = DefinitionOf(entry);
    symbol.size = entry.st_size;
    symbol.type = entry.type();
    symbol.bind = entry.bind();
    symbol.visibility = entry.visibility();
    return symbol;
  }

 private:
  Definition DefinitionOf(const Sym<E>& entry) const {
    if (entry.undefined()) return Undefined{};
    const uint64_t value = entry.st_value;
    if (entry.st_shndx == elf::kShnAbs) return External{RuntimeAddr(value)};
    LinkAddr address(value);
    if (entry.type() == elf::kSttTls) {  // The value is a place in the block.
      if (!module_.tls) return Undefined{};
      address = module_.tls->image.begin + value;
    }
    uint32_t number = sections_.FindHeader(entry.st_shndx);
    if (!Holds(number, address)) number = sections_.Find(address);
    if (entry.type() == elf::kSttTls && !Holds(number, address)) {
      number = sections_.first_tls();
    }
    if (number == SectionIndex::kNone) number = sections_.FindNearest(address);
    if (!Holds(number, address)) return Undefined{};
    return InSection{
        sections_.id(number),
        static_cast<uint64_t>(address - sections_.home(number).begin)};
  }

  // Also at its end.
  bool Holds(uint32_t number, LinkAddr address) const {
    return number != SectionIndex::kNone &&
           sections_.home(number).Contains(LinkRange{address, 0});
  }

  ModuleId id_;
  const Module& module_;
  const SectionIndex& sections_;
};

template <class E>
bool IsExported(const Sym<E>& entry) {
  return !entry.undefined() && entry.bind() != elf::kStbLocal &&
         (entry.visibility() == elf::kStvDefault ||
          entry.visibility() == elf::kStvProtected);
}

}  // namespace

template <class E>
LargeVector<Symbol> PlanSymbols(ModuleId id, const Module& module,
                                const FileParts<E>& parts,
                                const SectionIndex& sections) {
  const Planner<E> planner(id, module, sections);
  LargeVector<Symbol> symbols;
  symbols.reserve(parts.dynamic_symbol_count +
                  parts.full_symbols.symbols.size());
  for (uint32_t i = 1; i < parts.dynamic_symbol_count; ++i) {
    const Sym<E>& entry = parts.dynamic_symbols[i];
    symbols.push_back(
        planner.Plan(entry, View(parts.dynamic_symbols.Name(entry))));
    symbols.back().dynamic_index = i;
    symbols.back().exported = IsExported<E>(entry);
  }
  for (const Sym<E>& entry : parts.full_symbols.symbols) {
    if (entry.type() == elf::kSttSection || entry.type() == elf::kSttFile) {
      continue;
    }
    const auto name = parts.full_symbols.strings.CString(entry.st_name);
    if (!name.ok() || name->empty()) continue;
    symbols.push_back(planner.Plan(entry, View(*name)));
  }
  return symbols;
}

template LargeVector<Symbol> PlanSymbols(ModuleId, const Module&,
                                         const FileParts<elf::Elf64Le>&,
                                         const SectionIndex&);

}  // namespace relink
