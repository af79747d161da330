// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_builder.h"

#include <cstddef>
#include <cstring>
#include <utility>
#include <variant>

#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/ir/module_source.h"

namespace relink {

GraphBuilder& GraphBuilder::Module(absl::string_view name,
                                   Capability capability) {
  relink::Module module(ModuleSource::FromMemory({}, name),
                        *FindTarget("x86_64"));
  module.depth = OpenDepth::kFunctions;
  module.capability = capability;
  module_id_ = graph_.modules.Add(std::move(module));
  if (!graph_.root_id.has_value()) graph_.root_id = module_id_;
  next_home_ = 0x1000;
  return *this;
}

GraphBuilder& GraphBuilder::Function(absl::string_view name, uint64_t size) {
  AddSection(name, size, SectionKind::kFunction, MemoryClass::kCode);
  function_id_ = section_id_;
  return *this;
}

GraphBuilder& GraphBuilder::ReadOnly(absl::string_view name, uint64_t size) {
  return AddSection(name, size, SectionKind::kOutput, MemoryClass::kReadOnly);
}

GraphBuilder& GraphBuilder::Data(absl::string_view name, uint64_t size) {
  return AddSection(name, size, SectionKind::kOutput, MemoryClass::kData);
}

GraphBuilder& GraphBuilder::JumpTable(absl::string_view name, uint64_t size) {
  AddSection(name, size, SectionKind::kJumpTable, MemoryClass::kReadOnly);
  section().owner_id = function_id_;
  return *this;
}

GraphBuilder& GraphBuilder::AddSection(absl::string_view name, uint64_t size,
                                       SectionKind kind,
                                       MemoryClass memory_class) {
  Section added;
  added.module_id = module_id_;
  added.name = graph_.KeepName(std::string(name));
  added.kind = kind;
  added.memory_class = memory_class;
  added.size = size;
  added.home = {LinkAddr(next_home_), size};
  next_home_ += size;
  section_id_ = graph_.sections.Add(std::move(added));
  next_offset_ = 0;
  relink::Symbol own;
  own.module_id = module_id_;
  own.definition = InSection{section_id_};
  section().symbol_id = graph_.symbols.Add(own);
  if (kind == SectionKind::kOutput) {
    graph_.modules[module_id_].sections.push_back(section_id_);
  }
  graph_.order.push_back(section_id_);
  return *this;
}

GraphBuilder& GraphBuilder::Symbol(absl::string_view name, uint64_t offset) {
  return AddSymbol(name, offset, true);
}

GraphBuilder& GraphBuilder::Local(absl::string_view name, uint64_t offset) {
  return AddSymbol(name, offset, false);
}

GraphBuilder& GraphBuilder::AddSymbol(absl::string_view name, uint64_t offset,
                                      bool exported) {
  relink::Symbol added;
  added.name = graph_.KeepName(std::string(name));
  added.module_id = module_id_;
  added.definition = InSection{section_id_, offset};
  added.bind = exported ? elf::kStbGlobal : elf::kStbLocal;
  added.type = section().memory_class == MemoryClass::kCode ? elf::kSttFunc
                                                            : elf::kSttObject;
  added.exported = exported;
  graph_.symbols.Add(added);
  return *this;
}

GraphBuilder& GraphBuilder::Calls(absl::string_view symbol, double weight) {
  return Refer(symbol, "R_X86_64_PLT32", 1, 4, -4, weight);
}

GraphBuilder& GraphBuilder::TakesAddressOf(absl::string_view symbol) {
  return Refer(symbol, "R_X86_64_PC32", 3, 4, -4, 0);
}

GraphBuilder& GraphBuilder::PointsTo(absl::string_view symbol) {
  return Refer(symbol, "R_X86_64_64", 0, 8, 0, 0);
}

GraphBuilder& GraphBuilder::Refer(absl::string_view symbol, const char* rule,
                                  uint32_t before, uint32_t width,
                                  int64_t addend, double weight) {
  references_.push_back({section_id_, next_offset_ + before, rule,
                         std::string(symbol), addend, weight});
  next_offset_ += before + width;
  return *this;
}

GraphBuilder& GraphBuilder::Weight(double weight) {
  section().weight = weight;
  return *this;
}

GraphBuilder& GraphBuilder::Align(uint64_t alignment) {
  section().alignment = alignment;
  return *this;
}

GraphBuilder& GraphBuilder::Pin(absl::string_view reason) {
  section().pinned = reason;
  return *this;
}

GraphBuilder& GraphBuilder::Contents(std::vector<uint8_t> bytes) {
  std::vector<std::byte>& contents = section().contents.Mutable();
  for (const uint8_t byte : bytes) contents.push_back(std::byte{byte});
  return *this;
}

SymbolId GraphBuilder::FindOrAdd(const Reference& reference) {
  for (uint32_t i = 0; i < graph_.symbols.size(); ++i) {
    if (graph_.symbols[SymbolId(i)].name == reference.symbol) {
      return SymbolId(i);
    }
  }
  relink::Symbol undefined;
  undefined.name = graph_.KeepName(reference.symbol);
  undefined.module_id = graph_.sections[reference.section_id].module_id;
  undefined.bind = elf::kStbGlobal;
  return graph_.symbols.Add(undefined);
}

LinkGraph GraphBuilder::Build() {
  for (const Reference& reference : references_) {
    Fixup fixup;
    fixup.offset = reference.offset & ((uint32_t{1} << 30) - 1);
    fixup.target = FindOrAdd(reference);
    fixup.rule = FindTarget("x86_64")->FindRule(
        StringRef(reference.rule, std::strlen(reference.rule)));
    fixup.addend = reference.addend;
    graph_.sections[reference.section_id].fixups.push_back(fixup);
    const auto* callee =
        std::get_if<InSection>(&graph_.symbols[fixup.target].definition);
    if (reference.weight > 0 && callee != nullptr) {
      graph_.calls.push_back(
          {reference.section_id, callee->section_id, reference.weight});
    }
  }
  return std::move(graph_);
}

}  // namespace relink
