// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_OFFSET_TABLE_H_
#define RELINK_SCAN_OBJECTS_OFFSET_TABLE_H_

#include <cstdint>
#include <tuple>

#include "absl/container/flat_hash_map.h"
#include "relink/arch/relocation_rule.h"
#include "relink/ir/section.h"
#include "relink/scan/objects/linked_objects.h"

namespace relink {

// The global offset table of a module made of object files, whose words are
// made as code asks for them, each once; and the stubs that go by it. Its
// address, which code may count from, is that of its first word.
class OffsetTable {
 public:
  // `linked` must outlive the table.
  explicit OffsetTable(LinkedObjects& linked);

  // A thread-local variable: a symbol that no object defines, or a place in the
  // block of this module.
  struct ThreadLocal {
    uint32_t symbol = GroupSymbol::kNone;
    uint64_t offset = 0;
  };

  // Each returns the offset of a word, or of the first of two.
  //
  // The address of a symbol of the graph, plus `addend`.
  uint64_t AddressOf(SymbolId symbol_id, int64_t addend);
  // The address that a name is bound to as the module is loaded.
  uint64_t BoundAddress(uint32_t symbol);
  // The address of what the function at `resolver` chooses.
  uint64_t Chosen(const InSection& resolver);
  uint64_t ThreadOffset(const ThreadLocal& variable);
  uint64_t ThreadIndex(const ThreadLocal& variable);
  uint64_t ModuleIndex() { return ThreadIndex({}); }
  uint64_t ThreadDescriptor(const ThreadLocal& variable);

  // Appends to `stubs` a jump to where the word at `slot` says; returns its
  // offset.
  uint64_t AddStub(SectionId stubs, uint64_t slot);

  // Adds the fixups of what must be computed, for the end.
  void Finish();

 private:
  enum class Use : uint8_t { kAddress, kBound, kOffset, kIndex, kDescriptor };

  // The word of that key, and whether it is new.
  std::pair<uint64_t, bool> Word(Use use, uint64_t a, uint64_t b,
                                 uint64_t words = 1);
  void Bind(uint64_t at, Formula formula, const ThreadLocal& variable);
  const RelocationRule* Rule(Formula formula,
                             Lookup lookup = Lookup::kAny) const {
    return linked_.target->FindRule(formula, Field::k64, lookup);
  }

  LinkedObjects& linked_;
  std::vector<Fixup> fixups_;
  absl::flat_hash_map<std::tuple<Use, uint64_t, uint64_t>, uint64_t> words_;
};

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_OFFSET_TABLE_H_
