// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LAYOUT_LAYOUT_H_
#define RELINK_LAYOUT_LAYOUT_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink {

// How a segment's bytes come into memory.
enum class Backing : uint8_t {
  kFile,  // Pages of the file, shared with other processes until written.
  kCopy,  // Copied into anonymous memory.
};

// Address space to be claimed in one piece, and given back in one.
struct ReservationPlan {
  uint64_t size = 0;
  uint64_t alignment = 0;
  RuntimeAddr address;  // A hint, or the place if `fixed`; 0 for anywhere.
  bool fixed = false;
  bool all_copied = true;  // No module in it is backed by its file.
};

// Where a module that stays whole goes.
struct ModulePlacement {
  uint32_t reservation = 0;
  uint64_t offset = 0;  // Of `span.begin`, in the reservation.
  LinkRange span;       // The pages from its first segment to its last.
  Backing backing = Backing::kFile;
  // Relocations write to most pages of its writable segments.
  bool mostly_written = false;
  // Fixups change what is otherwise never written: all segments must be
  // writable until the end.
  bool writes_code = false;
  // Where `span` is mapped already, by whoever started the process; 0: nowhere.
  // Nothing is reserved for such a module, and its protections stay.
  RuntimeAddr adopted;

  bool is_adopted() const { return adopted != RuntimeAddr(); }
};

// Whether a segment of a file-backed module is copied into huge pages instead:
// nothing of the file's would stay shared, and a huge page is had for the time
// of a few small ones.
inline bool WantsHugePages(const ModulePlacement& placement,
                           const Segment& segment) {
  constexpr uint64_t kHugePage = uint64_t{2} << 20;
  return segment.writable && placement.mostly_written &&
         placement.backing == Backing::kFile && segment.file.size >= kHugePage;
}

// Where an arena goes: whole pages.
struct ArenaPlacement {
  uint32_t reservation = 0;
  uint64_t offset = 0;
  uint64_t size = 0;
  Protection protection = Protection::kRead;  // In the end.
  bool huge_pages = false;
};

// Where a section goes, in its arena. One without an arena stays with its
// module's segments, or, where those are not mapped, is nowhere.
struct SectionPlacement {
  ArenaId arena_id;
  uint64_t offset = 0;
};

// Decisions without addresses: what goes where, before anything is mapped.
// Modules that can move share one reservation, so that they are near each
// other; one at a fixed address (ET_EXEC) has its own.
struct Layout {
  uint64_t page_size = 0;
  std::vector<ReservationPlan> reservations;
  // Of a module in arenas, an empty span.
  Table<ModuleId, ModulePlacement> modules;
  Table<ArenaId, ArenaPlacement> arenas;
  Table<SectionId, SectionPlacement> sections;

  bool IsPlaced(SectionId id) const {
    return sections[id].arena_id.has_value();
  }
};

struct LayoutOptions {
  uint64_t page_size = 4096;
  // Where to put the modules that can move; 0 lets the system choose.
  RuntimeAddr hint{};
  // Of modules that are mapped already, where their first page is, by id; 0,
  // and what is not there, for others.
  std::vector<RuntimeAddr> adopted = {};
  // Puts the one module at its link addresses, 0 as well: for a file.
  bool at_link_addresses = false;
};

// Places every module of `graph`, and every section that has an arena. Sections
// lie in their arena in the graph's order; those that are no code and follow
// each other as in the file keep their distance.
//
// InvalidArgument: segments of a module need different protections on one page,
// or one that cannot move begins at address 0.
// OutOfRange: more than the address space.  FailedPrecondition: a module in
// arenas has a section without one, or is mapped already.
absl::StatusOr<Layout> PlanLayout(const LinkGraph& graph,
                                  const LayoutOptions& options);

}  // namespace relink

#endif  // RELINK_LAYOUT_LAYOUT_H_
