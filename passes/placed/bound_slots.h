// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_PLACED_BOUND_SLOTS_H_
#define RELINK_PASSES_PLACED_BOUND_SLOTS_H_

#include <cstdint>
#include <optional>

#include "absl/functional/function_ref.h"
#include "relink/arch/instruction.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/address.h"

namespace relink {

// Words of an image that hold an address which will not change any more:
// entries of global offset tables and other pointers that become read-only once
// they are relocated. Refers to the graph, which must outlive it.
class BoundSlots {
 public:
  explicit BoundSlots(const PlacedGraph& placed) : placed_(placed) {}

  // What the slot at `fixup`'s target holds, `distance` bytes after the place
  // that the addend counts from; nothing if it is no such slot, or if only an
  // ifunc resolver knows.
  std::optional<RuntimeAddr> Read(const Fixup& fixup, int64_t distance) const;

  // The same for a direct branch: of the slot that the procedure linkage table
  // entry it leads to jumps through.
  std::optional<RuntimeAddr> ReadThroughStub(const Fixup& fixup,
                                             int64_t distance) const;

 private:
  std::optional<RuntimeAddr> ReadAt(ModuleId id, LinkAddr slot) const;

  const PlacedGraph& placed_;
};

// Calls `visit` with each instruction of a section and the fixup of its
// PC-relative field, which may be changed, as may be the bytes. Stops at the
// first that cannot be decoded.
void VisitReferences(
    PlacedGraph& placed, SectionId id,
    absl::FunctionRef<void(const Instruction& instruction,
                           std::span<std::byte> bytes, Fixup& fixup)>
        visit);

// Whether the place of a 32-bit PC-relative fixup of `id` reaches `target`.
bool Reaches(const PlacedGraph& placed, SectionId id, const Fixup& fixup,
             RuntimeAddr target);

}  // namespace relink

#endif  // RELINK_PASSES_PLACED_BOUND_SLOTS_H_
