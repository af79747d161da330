// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/testing/opened_file.h"

#include <cstdint>
#include <stdexcept>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "relink/arch/relocation_rule.h"
#include "relink/ir/module_source.h"
#include "relink/ir/symbol.h"
#include "relink/scan/open_module.h"
#include "relink/scan/scan_module.h"

namespace relink {
namespace {

template <typename T>
T ValueOrThrow(absl::StatusOr<T> value) {
  if (!value.ok()) throw std::runtime_error(value.status().ToString());
  return *std::move(value);
}

}  // namespace

void OpenedFile::Scan(const std::string& path) {
  Module module =
      ValueOrThrow(ScanModule(ValueOrThrow(ModuleSource::Open(path))));
  // Nobody resolves them, as the verifier of graphs asks for.
  module.dependencies.clear();
  graph_.root_id = graph_.modules.Add(std::move(module));
}

OpenedFile::OpenedFile(const std::string& path, OpenDepth depth) {
  Scan(path);
  const absl::Status status = OpenModule(graph_, graph_.root_id, depth);
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

OpenedFile::OpenedFile(const std::string& path,
                       const std::vector<LinkAddr>& places) {
  Scan(path);
  WantedFunctions wanted;
  for (const LinkAddr place : places) wanted.places.push_back({place});
  const absl::Status status = OpenFunctionsAt(graph_, graph_.root_id, wanted);
  if (!status.ok()) throw std::runtime_error(status.ToString());
}

Section& OpenedFile::SectionNamed(absl::string_view name) {
  for (const SectionId id : module().sections) {
    if (graph_.sections[id].name == name) return graph_.sections[id];
  }
  throw std::runtime_error(absl::StrCat("no section ", name));
}

const Function& OpenedFile::FunctionNamed(absl::string_view symbol_name) {
  for (const Symbol& symbol : graph_.symbols) {
    const auto* place = std::get_if<InSection>(&symbol.definition);
    if (symbol.name != symbol_name || place == nullptr) continue;
    const LinkAddr address =
        graph_.sections[place->section_id].home.begin + place->offset;
    for (const Function& function : module().functions) {
      if (function.range.Contains(address)) return function;
    }
  }
  throw std::runtime_error(absl::StrCat("no function ", symbol_name));
}

std::vector<JumpTable> OpenedFile::TablesOf(absl::string_view function) {
  const Function& wanted = FunctionNamed(function);
  std::vector<JumpTable> tables;
  for (const JumpTable& table : module().jump_tables) {
    if (&module().functions[table.function] == &wanted) tables.push_back(table);
  }
  return tables;
}

std::string OpenedFile::TextOf(const Fixup& fixup) {
  const Symbol& symbol = graph_.symbols[fixup.target];
  const bool branch = fixup.rule->lookup == Lookup::kCall &&
                      fixup.rule->formula == Formula::kPcRelative;
  std::string text = branch ? "->" : "&";
  const auto* place = std::get_if<InSection>(&symbol.definition);
  if (place == nullptr || !symbol.name.empty()) {
    absl::StrAppend(&text, symbol.name);
  } else {
    const Section& target = graph_.sections[place->section_id];
    const Function* function = FunctionAt(target.home.begin + place->offset);
    if (function != nullptr) {
      absl::StrAppend(&text, function->name);
    } else if (place->offset == 0) {
      absl::StrAppend(&text, target.name);
    } else {
      absl::StrAppend(&text, target.name, "+0x", absl::Hex(place->offset));
    }
  }
  return fixup.addend == 0 ? text
                           : absl::StrFormat("%s%+d", text, fixup.addend);
}

const Function* OpenedFile::FunctionAt(LinkAddr address) {
  for (const Function& function : module().functions) {
    if (function.range.begin == address) return &function;
  }
  return nullptr;
}

std::vector<std::string> OpenedFile::ReferencesOf(absl::string_view function) {
  const LinkRange range = FunctionNamed(function).range;
  std::vector<std::string> references;
  for (const SectionId id : module().sections) {
    const Section& section = graph_.sections[id];
    for (const Fixup& fixup : section.fixups) {
      if (!range.Contains(section.home.begin + fixup.offset)) continue;
      references.push_back(TextOf(fixup));
    }
  }
  return references;
}

std::vector<std::string> OpenedFile::ReferencesIn(absl::string_view section) {
  std::vector<std::string> references;
  for (const Fixup& fixup : SectionNamed(section).fixups) {
    references.push_back(TextOf(fixup));
  }
  return references;
}

}  // namespace relink
