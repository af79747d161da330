// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_PLACED_PLACED_CODE_H_
#define RELINK_PASSES_PLACED_PLACED_CODE_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/pass/analysis_manager.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// For tests only: a placed module with some code, an entry of a procedure
// linkage table, and the slot that it jumps through.
class PlacedCode : public testing::Test {
 protected:
  static constexpr uint64_t kCode = 0x1000;
  static constexpr uint64_t kPlt = 0x2000;
  static constexpr uint64_t kGot = 0x3000;
  static constexpr uint32_t kPc32 = 2;
  static constexpr uint32_t kPlt32 = 4;

  PlacedCode() {
    static const std::byte byte{};
    Module module(ModuleSource::FromMemory({&byte, 1}, "libfoo.so"),
                  HostTarget());
    module.materialization = Materialization::kArenas;
    graph_.root_id = graph_.modules.Add(std::move(module));
    const ArenaId code = graph_.arenas.Add({.name = "code"});
    const ArenaId relro = graph_.arenas.Add(
        {.name = "relro", .memory_class = MemoryClass::kRelro});
    code_ = Add(".text", code, MemoryClass::kCode, kCode, {});
    // endbr64; jmp *slot(%rip)
    plt_ = Add(".plt", code, MemoryClass::kCode, kPlt,
               {0xf3, 0x0f, 0x1e, 0xfa, 0xff, 0x25, 0xf6, 0x0f, 0, 0});
    got_ =
        Add(".got", relro, MemoryClass::kRelro, kGot, std::vector<uint8_t>(8));
  }

  // The code, whose last four bytes are a field that refers to `to`.
  void SetCode(std::vector<uint8_t> bytes, SectionId to, uint32_t r_type) {
    bytes.resize(bytes.size() + 4);
    Section& section = graph_.sections[code_];
    section.contents = SectionContents(Bytes(bytes));
    section.size = section.home.size = bytes.size();
    Fixup fixup;
    fixup.offset = (static_cast<uint32_t>(bytes.size()) - 4) & 0x3fffffff;
    fixup.target = graph_.sections[to].symbol_id;
    fixup.rule = &HostTarget().Rule(r_type);
    fixup.addend = -4;
    section.fixups = {fixup};
  }

  // Places everything, the slot being bound to `address`.
  void Place(uint64_t address) {
    auto layout =
        PlanLayout(graph_, {.page_size = backend_.page_size(), .hint = {}});
    ASSERT_TRUE(layout.ok()) << layout.status();
    auto placed = Stage(std::move(graph_), *std::move(layout), backend_);
    ASSERT_TRUE(placed.ok()) << placed.status();
    placed_ = *std::move(placed);
    std::memcpy(placed_->Bytes(got_).data(), &address, sizeof(address));
  }

  template <typename Pass>
  void Run(const Pass& pass) {
    AnalysisManager<PlacedGraph> analyses;
    const auto preserved = pass.Run(*placed_, analyses);
    ASSERT_TRUE(preserved.ok()) << preserved.status();
  }

  // The code but for its field.
  std::vector<uint8_t> Opcode() {
    const std::span<const std::byte> code = placed_->Bytes(code_);
    std::vector<uint8_t> bytes;
    for (size_t i = 0; i + 4 < code.size(); ++i) {
      bytes.push_back(static_cast<uint8_t>(code[i]));
    }
    return bytes;
  }
  // The address that the field refers to by now; 0 for a section's.
  uint64_t Target() {
    const Fixup& fixup = placed_->fixups(code_)[0];
    const auto* address = std::get_if<External>(
        &placed_->graph().symbols[fixup.target].definition);
    return address == nullptr ? 0 : address->address.value();
  }

  static constexpr uint64_t kBase = 0x100000;
  static constexpr uint64_t kNear = 0x123450;
  static constexpr uint64_t kFar = uint64_t{1} << 40;

  SectionId code_, plt_, got_;
  FakeBackend backend_{{.base = RuntimeAddr(kBase)}};
  std::optional<PlacedGraph> placed_;

 private:
  static std::vector<std::byte> Bytes(const std::vector<uint8_t>& values) {
    std::vector<std::byte> bytes;
    for (uint8_t value : values) bytes.push_back(std::byte{value});
    return bytes;
  }

  SectionId Add(absl::string_view name, ArenaId arena_id,
                MemoryClass memory_class, uint64_t home,
                const std::vector<uint8_t>& bytes) {
    Section section;
    section.module_id = graph_.root_id;
    section.name = name;
    section.memory_class = memory_class;
    section.size = bytes.size();
    section.contents = SectionContents(Bytes(bytes));
    section.home = {LinkAddr(home), section.size};
    section.arena_id = arena_id;
    const auto id = SectionId(static_cast<uint32_t>(graph_.sections.size()));
    Symbol symbol;
    symbol.module_id = graph_.root_id;
    symbol.definition = InSection{id, 0};
    section.symbol_id = graph_.symbols.Add(symbol);
    graph_.sections.Add(std::move(section));
    graph_.order.push_back(id);
    graph_.modules[graph_.root_id].sections.push_back(id);
    return id;
  }

  LinkGraph graph_;
};

}  // namespace relink

#endif  // RELINK_PASSES_PLACED_PLACED_CODE_H_
