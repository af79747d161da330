// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/placed/bound_slots.h"

#include <cstddef>
#include <cstring>
#include <span>
#include <variant>

#include "absl/strings/match.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/target.h"

namespace relink {
namespace {

// Where the fixup's target is in the file.
struct HomeTarget {
  const Section* section = nullptr;
  LinkAddr addr;
};

HomeTarget FindHomeTarget(const LinkGraph& graph, const Fixup& fixup,
                          int64_t distance) {
  const auto* target =
      std::get_if<InSection>(&graph.symbols[fixup.target].definition);
  if (target == nullptr) return {};
  const Section& section = graph.sections[target->section_id];
  const uint64_t offset =
      target->offset + static_cast<uint64_t>(fixup.addend + distance);
  if (section.home.size == 0 || offset >= section.home.size) return {};
  return {&section, section.home.begin + offset};
}

// A table of addresses, or data that is read-only after relocation.
bool NeverChanges(const Section& section) {
  return section.memory_class == MemoryClass::kRelro ||
         (section.kind == SectionKind::kOutput &&
          absl::StartsWith(section.name, ".got"));
}

}  // namespace

std::optional<RuntimeAddr> BoundSlots::ReadAt(ModuleId id,
                                              LinkAddr slot) const {
  const Module& module = placed_.module(id);
  for (SectionId section_id : module.sections) {
    const Section& section = placed_.section(section_id);
    const LinkRange range = {slot, sizeof(uint64_t)};
    if (!section.home.Contains(range) || !NeverChanges(section)) continue;
    if (!section.live()) return std::nullopt;
    const std::byte* place =
        placed_.Bytes(section_id).data() + (slot - section.home.begin);
    if (placed_.IsPending(place)) return std::nullopt;
    uint64_t value = 0;
    std::memcpy(&value, place, sizeof(value));
    // Not an address: an undefined weak symbol, or an offset in thread-local
    // storage.
    constexpr uint64_t kLowest = 1 << 16;
    constexpr uint64_t kHighest = uint64_t{1} << 47;
    if (value < kLowest || value >= kHighest) return std::nullopt;
    return RuntimeAddr(value);
  }
  return std::nullopt;
}

std::optional<RuntimeAddr> BoundSlots::Read(const Fixup& fixup,
                                            int64_t distance) const {
  const HomeTarget slot = FindHomeTarget(placed_.graph(), fixup, distance);
  if (slot.section == nullptr) return std::nullopt;
  return ReadAt(slot.section->module_id, slot.addr);
}

std::optional<RuntimeAddr> BoundSlots::ReadThroughStub(const Fixup& fixup,
                                                       int64_t distance) const {
  const HomeTarget stub = FindHomeTarget(placed_.graph(), fixup, distance);
  if (stub.section == nullptr) return std::nullopt;
  const Section& section = *stub.section;
  if (!absl::StartsWith(section.name, ".plt")) return std::nullopt;
  DecodeFunction* decode = placed_.module(section.module_id).target->decode;
  std::span<const std::byte> code = section.contents.bytes();
  auto offset = static_cast<size_t>(stub.addr - section.home.begin);
  Instruction instruction;
  do {  // A mark for branch targets may stand before the jump.
    if (offset >= code.size() || !decode(code.subspan(offset), &instruction)) {
      return std::nullopt;
    }
    offset += instruction.length;
  } while (instruction.operation == Operation::kNop);
  if (instruction.flow != Flow::kIndirectJump ||
      !instruction.pc_relative_memory) {
    return std::nullopt;
  }
  const LinkAddr next = section.home.begin + offset;
  return ReadAt(section.module_id,
                LinkAddr(next.value() + static_cast<uint64_t>(int64_t{
                                            instruction.displacement})));
}

void VisitReferences(
    PlacedGraph& placed, SectionId id,
    absl::FunctionRef<void(const Instruction&, std::span<std::byte>, Fixup&)>
        visit) {
  const Section& section = placed.section(id);
  DecodeFunction* decode = placed.module(section.module_id).target->decode;
  if (decode == nullptr) return;
  const std::span<std::byte> bytes = placed.Bytes(id);
  const std::span<Fixup> fixups = placed.fixups(id);
  size_t at = 0;
  Instruction instruction;
  for (Fixup& fixup : fixups) {
    while (at < bytes.size() && decode(bytes.subspan(at), &instruction)) {
      if (at + instruction.length > fixup.offset) break;
      at += instruction.length;
    }
    if (at >= bytes.size() || at + instruction.length <= fixup.offset) return;
    if (instruction.field_size == 0 ||
        at + instruction.field_offset != fixup.offset) {
      continue;
    }
    visit(instruction, bytes.subspan(at, instruction.length), fixup);
  }
}

bool Reaches(const PlacedGraph& placed, SectionId id, const Fixup& fixup,
             RuntimeAddr target) {
  // The end of the instruction is at most 15 bytes past the field.
  constexpr int64_t kSlack = 16;
  const int64_t distance = target - (placed.At(id) + fixup.offset);
  return distance > INT32_MIN + kSlack && distance < INT32_MAX - kSlack;
}

}  // namespace relink
