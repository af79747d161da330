// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_STAGE_PLACED_GRAPH_H_
#define RELINK_STAGE_PLACED_GRAPH_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "relink/elf/address_view.h"
#include "relink/ir/link_graph.h"
#include "relink/layout/layout.h"
#include "relink/map/mapping_backend.h"
#include "relink/map/reservation.h"
#include "relink/support/address.h"
#include "relink/support/address_map.h"

namespace relink {

// One module at its final addresses.
struct PlacedModule {
  LinkRange span;              // Whole pages; empty for a module in arenas.
  RuntimeAddr start;           // Of `span`, where the image will run.
  std::byte* bytes = nullptr;  // Of `span`, in this process.

  // Its sections that are in arenas and that the file has, ascending, and where
  // the arenas' memory is in this process.
  std::vector<AddressMap::Piece> pieces;
  std::vector<SectionId> piece_sections;
  RuntimeAddr arenas_start;
  std::byte* arenas_bytes = nullptr;
  // Copies of functions that have their address where the file has them, and so
  // are no pieces.
  std::vector<AddressMap::Piece> second_copies;

  bool in_arenas() const { return span.size == 0; }
  // What to add to a link address of what stays with the bulk, modulo 2^64; of
  // a module in arenas, to one of its first section.
  uint64_t bias() const {
    if (in_arenas() && !pieces.empty()) {
      return pieces[0].to.value() - pieces[0].from.begin.value();
    }
    return start.value() - span.begin.value();
  }
  // Where what is mapped with the segments runs.
  RuntimeRange Bulk(LinkRange range) const {
    return {RuntimeAddr(range.begin.value() + bias()), range.size};
  }
  // Valid for as long as the module stays where it is.
  AddressMap addresses() const { return {bias(), pieces, in_arenas()}; }
  // Where what the file has at `addr` will run: the copy, if one was placed.
  RuntimeAddr At(LinkAddr addr) const { return addresses().At(addr); }
  bool Contains(RuntimeAddr addr) const {
    return addresses().Contains(addr, span);
  }
  // The bytes of `range`, which must be inside `span`, or inside a section of a
  // module in arenas. Never those of a copy.
  std::span<std::byte> Bytes(LinkRange range) const {
    if (in_arenas()) return {ArenaBytes(At(range.begin)), range.size};
    return {bytes + (range.begin - span.begin), range.size};
  }
  std::byte* ArenaBytes(RuntimeAddr addr) const {
    return arenas_bytes + (addr - arenas_start);
  }
};

class LinkedImage;

// What a segment's pages allow in the end, but for RELRO.
inline Protection FinalProtection(const Segment& segment) {
  if (segment.writable) return Protection::kReadWrite;
  return segment.executable ? Protection::kReadExecute : Protection::kRead;
}

// Runs ifunc resolvers; may write to writable segments and to RELRO.
using ResolveStep = absl::FunctionRef<absl::Status()>;

// Modules at their final addresses, with writable bytes that cannot run yet
// (those of executable segments can, but nothing calls them). No address
// changes from here on.
//
// The one way on is FinishImage, which consumes it; the one way back is to
// destroy it, which gives all memory back.
class PlacedGraph {
 public:
  const LinkGraph& graph() const { return graph_; }
  const Layout& layout() const { return layout_; }
  MappingBackend& backend() const { return *backend_; }

  const Module& module(ModuleId id) const { return graph_.modules[id]; }
  const PlacedModule& placed(ModuleId id) const { return placed_[id]; }
  const Section& section(SectionId id) const { return graph_.sections[id]; }

  // Where a live section of an opened module is, and its bytes.
  RuntimeAddr At(SectionId id) const;
  std::span<std::byte> Bytes(SectionId id) const;
  // The memory of an arena; empty if nothing is in it.
  RuntimeRange ArenaRange(ArenaId id) const;
  // Whether code that may be called lies there.
  bool IsCode(RuntimeAddr addr) const;
  // Words that only an ifunc resolver knows the value of, until FinishImage.
  void MarkPending(const std::byte* place) { pending_.insert(place); }
  bool IsPending(const std::byte* place) const {
    return pending_.contains(place);
  }
  // Whether its bytes can be changed now.
  bool WritableNow(SectionId id) const {
    return layout_.IsPlaced(id) || StagedWritable(section(id).module_id);
  }

  // For passes: the fixups of a section, which are applied after them, and new
  // symbols for them to refer to.
  std::span<Fixup> fixups(SectionId id) { return graph_.sections[id].fixups; }
  SymbolId AddSymbol(Symbol symbol) { return graph_.symbols.Add(symbol); }

  // The module's memory by link address, or, of a module in arenas, its file.
  // It reads the program headers through the module's source.
  template <class E>
  elf::AddressView<E> View(ModuleId id) const;

  // Whether segment bytes can be written now.
  bool WritableNow(ModuleId id, const Segment& segment) const {
    return !layout_.modules[id].is_adopted() &&
           (segment.writable || StagedWritable(id));
  }

  // The bytes of `range`, for passes to change. OutOfRange: it is not inside
  // one segment.  FailedPrecondition: its segment cannot be written now.
  absl::StatusOr<std::span<std::byte>> WritableBytes(ModuleId id,
                                                     LinkRange range);

 private:
  friend absl::StatusOr<PlacedGraph> Stage(LinkGraph graph, Layout layout,
                                           MappingBackend& backend);
  friend absl::StatusOr<LinkedImage> FinishImage(PlacedGraph placed,
                                                 const ResolveStep* resolve);
  friend class LinkedImage;

  PlacedGraph(LinkGraph graph, Layout layout, MappingBackend& backend)
      : graph_(std::move(graph)),
        layout_(std::move(layout)),
        backend_(&backend) {}

  // All segments are writable until FinishImage: because they are copied, or
  // because relocations (DT_TEXTREL) or fixups need it. Never those of a module
  // that was mapped already.
  bool StagedWritable(ModuleId id) const;

  absl::Status MapModule(ModuleId id);
  absl::Status MapArenas();
  void PlacePieces();
  absl::Status ProtectArenas(bool code, bool relro);
  absl::Status MapSegment(ModuleId id, const Segment& segment);
  // How many of `segments`, at least one, are neighbours in memory as in the
  // file and nothing but their file's bytes; and maps so many with the fewest
  // calls.
  size_t CountUnchanged(std::span<const Segment> segments) const;
  absl::Status MapUnchanged(ModuleId id, std::span<const Segment> segments);
  absl::Status ProtectSegments(ModuleId id, bool with_relro);
  absl::Status ProtectRelro(ModuleId id);

  LinkGraph graph_;
  Layout layout_;
  MappingBackend* backend_;
  std::vector<Reservation> reservations_;
  std::unordered_set<const std::byte*> pending_;
  Table<ModuleId, PlacedModule> placed_;
};

// Maps every module of `graph` where `layout` says, unless it is mapped
// already, and closes its file. After it, no address changes. `backend` must
// outlive the image.
//
// ResourceExhausted: the backend refused memory.  FailedPrecondition: a fixed
// address is taken.
absl::StatusOr<PlacedGraph> Stage(LinkGraph graph, Layout layout,
                                  MappingBackend& backend);

// Relocated and protected modules, which nobody can see yet. Destroying it
// gives the memory back.
class LinkedImage {
 public:
  LinkGraph& graph() { return placed_.graph_; }
  const LinkGraph& graph() const { return placed_.graph_; }
  const Layout& layout() const { return placed_.layout_; }
  const Module& module(ModuleId id) const { return graph().modules[id]; }
  const PlacedModule& placed(ModuleId id) const { return placed_.placed(id); }
  template <class E>
  elf::AddressView<E> View(ModuleId id) const {
    return placed_.View<E>(id);
  }
  bool runs_here() const { return placed_.backend().runs_here(); }
  RuntimeAddr At(SectionId id) const { return placed_.At(id); }
  std::span<const std::byte> Bytes(SectionId id) const {
    return placed_.Bytes(id);
  }
  bool IsCode(RuntimeAddr addr) const { return placed_.IsCode(addr); }
  // The memory of an arena; empty if nothing is in it.
  RuntimeRange ArenaRange(ArenaId id) const { return placed_.ArenaRange(id); }

  // The image served to its end: the backend may keep memory of it for another.
  void Retire();

  // All memory that was reserved for it, for who needs no graph any more.
  std::vector<Reservation> TakeMemory() && {
    return std::move(placed_.reservations_);
  }

 private:
  friend absl::StatusOr<LinkedImage> FinishImage(PlacedGraph placed,
                                                 const ResolveStep* resolve);
  explicit LinkedImage(PlacedGraph placed) : placed_(std::move(placed)) {}

  PlacedGraph placed_;
};

// Gives every page its final protection: first code becomes executable, then
// `resolve` runs, then RELRO becomes read-only. No page is ever both writable
// and executable. Without ifuncs `resolve` is null, and fewer calls are needed.
absl::StatusOr<LinkedImage> FinishImage(PlacedGraph placed,
                                        const ResolveStep* resolve);

}  // namespace relink

#endif  // RELINK_STAGE_PLACED_GRAPH_H_
