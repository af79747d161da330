// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_OBJECT_FIXUPS_H_
#define RELINK_SCAN_OBJECTS_OBJECT_FIXUPS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/scan/objects/linked_objects.h"
#include "relink/scan/objects/offset_table.h"

namespace relink {

// Turns the relocations of object files into fixups of the sections that they
// went to, and makes what they ask for: words of the GOT, and stubs.
class ObjectFixups {
 public:
  // `linked`, placed, must outlive it.
  explicit ObjectFixups(LinkedObjects& linked);

  // Those of every section that has a place.
  // InvalidArgument: one refers to what it cannot.  OutOfRange: one is outside
  // of its section.  Unimplemented: a type that is not known, or code that can
  // only be part of a program (R_X86_64_TPOFF32 of another module's variable).
  // NotFound: a hidden symbol that no object defines.
  absl::Status AddAll();

  // The fixup of one relocation whose place is `offset` in a section of the
  // graph, if it needs any.
  using Relocation = elf::Rela<elf::Elf64Le>;
  absl::StatusOr<std::optional<Fixup>> MakeFixup(uint32_t object,
                                                 const Relocation& relocation,
                                                 SectionId section_id,
                                                 uint64_t offset);

  // The word of the GOT that has the address of a symbol of the group.
  absl::StatusOr<uint64_t> SlotOf(uint32_t symbol);

  // Sorts all fixups, makes stubs for what was left undefined, and ends the
  // GOT. InvalidArgument: two relocations are at one place.
  absl::Status Finish();

 private:
  // What a relocation refers to.
  struct Reference {
    SymbolId symbol_id;
    int64_t addend = 0;
    uint32_t by_name = GroupSymbol::kNone;  // To be bound by its name.
    bool defined = true;
    bool of_thread = false;
    uint64_t size = 0;
  };
  using Made = absl::StatusOr<std::optional<Fixup>>;

  absl::Status AddSection(uint32_t object, uint32_t section);
  absl::StatusOr<Reference> Resolve(uint32_t object,
                                    const Relocation& relocation);
  // `relocation_addend` says which string of a merged section is meant.
  absl::StatusOr<Reference> ResolveLocal(uint32_t object, uint32_t symbol,
                                         int64_t relocation_addend);
  absl::StatusOr<Reference> ResolveGlobal(uint32_t id);
  // The symbol for one that no object defines.
  absl::StatusOr<SymbolId> AddUndefined(uint32_t id);
  SymbolId AbsoluteZero();
  // The symbol at the stub for an ifunc of an object.
  SymbolId StubFor(const InSection& resolver);
  void Use(uint32_t id);

  absl::Status SortFixups();
  uint64_t SlotOf(const Reference& reference);
  Made ReferTo(const Reference& reference, Fixup fixup, SectionId section_id);
  absl::StatusOr<uint64_t> ThreadWord(Asks asks, const Reference& reference);
  absl::Status Store(SectionId section_id, const Fixup& fixup, uint64_t value);

  LinkedObjects& linked_;
  OffsetTable table_;
  SectionId ifunc_stubs_id_;
  SymbolId absolute_zero_;
  absl::flat_hash_map<uint64_t, SymbolId> ifunc_stubs_;  // By place.
  std::vector<bool> used_;                               // By group symbol.
};

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_OBJECT_FIXUPS_H_
