// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/supplied_symbols.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr absl::string_view kHandle = "__dso_handle";
constexpr absl::string_view kAtExit = "atexit";
constexpr absl::string_view kFinalize = "__cxa_finalize";
constexpr absl::string_view kCxaAtExit = "__cxa_atexit";

// The functions are x86-64's, as is all that this folder links so far.
constexpr uint8_t kFinalizeCode[] = {
    0x48, 0x8d, 0x3d, 0, 0, 0, 0,  // lea __dso_handle(%rip), %rdi
    0xff, 0x25, 0,    0, 0, 0,     // jmp *__cxa_finalize@GOTPCREL(%rip)
};
constexpr uint32_t kFinalizeHandleAt = 3;
constexpr uint32_t kFinalizeSlotAt = 9;

constexpr uint8_t kAtExitCode[] = {
    0x31, 0xf6,                    // xor %esi, %esi
    0x48, 0x8d, 0x15, 0, 0, 0, 0,  // lea __dso_handle(%rip), %rdx
    0xff, 0x25, 0,    0, 0, 0,     // jmp *__cxa_atexit@GOTPCREL(%rip)
};
constexpr uint32_t kAtExitHandleAt = 5;
constexpr uint32_t kAtExitSlotAt = 11;

bool IsMissing(const ObjectSymbols& symbols, absl::string_view name) {
  const uint32_t id = symbols.Find(name);
  return id != GroupSymbol::kNone && !symbols.symbols()[id].defined();
}

class Supplier {
 public:
  Supplier(LinkedObjects& linked, ObjectFixups& fixups)
      : linked_(linked), fixups_(fixups) {}

  absl::Status Supply() {
    Define("_GLOBAL_OFFSET_TABLE_", linked_.got_id);
    if (!IsMissing(*linked_.symbols, kHandle)) return absl::OkStatus();
    AddHandle();
    ASSIGN_OR_RETURN(linked_.fini_id,
                     AddFunction("fini", kFinalizeCode, kFinalizeHandleAt,
                                 kFinalize, kFinalizeSlotAt));
    if (!IsMissing(*linked_.symbols, kAtExit)) return absl::OkStatus();
    ASSIGN_OR_RETURN(const SectionId at_exit,
                     AddFunction(kAtExit, kAtExitCode, kAtExitHandleAt,
                                 kCxaAtExit, kAtExitSlotAt));
    Define(kAtExit, at_exit);
    return absl::OkStatus();
  }

 private:
  // Makes `name` the beginning of a section, if it is missing.
  void Define(absl::string_view name, SectionId id) {
    if (!IsMissing(*linked_.symbols, name)) return;
    Symbol symbol;
    symbol.name = name;
    symbol.module_id = linked_.module_id;
    symbol.definition = InSection{id, 0};
    symbol.visibility = elf::kStvHidden;
    linked_.symbol_ids[linked_.symbols->Find(name)] =
        linked_.graph->symbols.Add(symbol);
  }

  // A word with its own address, as GCC's is.
  void AddHandle() {
    handle_id_ =
        linked_.AddSection(kHandle, SectionKind::kMade, MemoryClass::kRelro);
    Section& section = linked_.section(handle_id_);
    section.size = sizeof(uint64_t);
    section.alignment = sizeof(uint64_t);
    AddFixup(section, 0, handle_id_, Formula::kSymbol, Field::k64, 0);
    Define(kHandle, handle_id_);
  }

  absl::StatusOr<SectionId> AddFunction(absl::string_view name,
                                        std::span<const uint8_t> code,
                                        uint32_t handle_at,
                                        absl::string_view called,
                                        uint32_t slot_at) {
    const SectionId id =
        linked_.AddSection(name, SectionKind::kMade, MemoryClass::kCode);
    ASSIGN_OR_RETURN(const uint64_t slot,
                     fixups_.SlotOf(linked_.symbols->Find(called)));
    Section& section = linked_.section(id);
    section.size = code.size();
    section.contents = SectionContents(std::as_bytes(code));
    // Both fields end their instructions.
    constexpr auto kWidth = static_cast<int64_t>(Field::k32);
    AddFixup(section, handle_at, handle_id_, Formula::kPcRelative, Field::k32,
             -kWidth);
    AddFixup(section, slot_at, linked_.got_id, Formula::kPcRelative, Field::k32,
             static_cast<int64_t>(slot) - kWidth);
    return id;
  }

  void AddFixup(Section& section, uint32_t offset, SectionId target,
                Formula formula, Field field, int64_t addend) {
    Fixup fixup;
    fixup.offset = offset & 0x3fffffff;
    fixup.origin = FixupOrigin::kMade;
    fixup.target = linked_.section(target).symbol_id;
    fixup.rule = linked_.target->FindRule(formula, field);
    fixup.addend = addend;
    section.fixups.push_back(fixup);
  }

  LinkedObjects& linked_;
  ObjectFixups& fixups_;
  SectionId handle_id_;
};

}  // namespace

void ReferToSupplied(ObjectSymbols& symbols) {
  if (IsMissing(symbols, kAtExit)) {
    symbols.Refer(kHandle, /*wanted=*/true);
    symbols.Refer(kCxaAtExit, /*wanted=*/true);
  }
  if (IsMissing(symbols, kHandle)) symbols.Refer(kFinalize, /*wanted=*/true);
}

absl::Status AddSupplied(LinkedObjects& linked, ObjectFixups& fixups) {
  return Supplier(linked, fixups).Supply();
}

}  // namespace relink
