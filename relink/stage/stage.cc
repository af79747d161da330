// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/elf_file.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

RuntimeRange At(const PlacedModule& placed, LinkRange range) {
  return {placed.At(range.begin), range.size};
}

}  // namespace

bool PlacedGraph::StagedWritable(ModuleId id) const {
  return layout_.modules[id].backing == Backing::kCopy ||
         (module(id).dynamic.flags & elf::kDfTextrel) != 0;
}

template <class E>
elf::AddressView<E> PlacedGraph::View(ModuleId id) const {
  const PlacedModule& where = placed_[id];
  // ScanModule parsed the same bytes.
  auto file = elf::ElfFile<E>::Parse(module(id).source.bytes());
  if (!file.ok()) return elf::AddressView<E>();
  return elf::AddressView<E>::OfImage(
      file->segments(), ByteView(where.bytes, where.span.size),
      where.span.begin);
}
template elf::AddressView<elf::Elf64Le> PlacedGraph::View(ModuleId) const;

absl::Status PlacedGraph::MapSegment(ModuleId id, const Segment& segment) {
  const PlacedModule& where = placed_[id];
  const ByteView source = module(id).source.bytes();
  const uint64_t page_size = layout_.page_size;
  const LinkRange pages = PagesOf(segment.memory, page_size);
  const LinkAddr file_end = segment.memory.begin + segment.file.size;
  if (layout_.modules[id].backing == Backing::kCopy) {
    if (segment.file.size == 0) return absl::OkStatus();
    std::memcpy(
        where.Bytes({segment.memory.begin, segment.file.size}).data(),
        source.data() + segment.file.begin.value(), segment.file.size);
    return absl::OkStatus();
  }

  // The file's pages first, then zeros: the rest of the last file page and
  // whole pages after it (gABI, "Program Header", p_memsz).
  const bool zeros = segment.memory.size > segment.file.size;
  const bool writable = WritableNow(id, segment) || zeros;
  LinkAddr mapped_end = pages.begin;
  if (segment.file.size != 0) {
    const LinkRange file_pages =
        PagesOf(LinkRange{segment.memory.begin, segment.file.size}, page_size);
    mapped_end = file_pages.end();
    auto mapped = backend_->MapFile(
        At(where, file_pages), module(id).source.file(),
        FileOffset(AlignDown(segment.file.begin.value(), page_size)),
        writable ? Protection::kReadWrite : FinalProtection(segment));
    if (!mapped.ok()) return ToStatus(mapped.error(), "segment");
    if (zeros && mapped_end > file_end) {
      auto tail = where.Bytes(
          {file_end, static_cast<uint64_t>(mapped_end - file_end)});
      std::memset(tail.data(), 0, tail.size());
    }
  }
  if (pages.end() > mapped_end) {
    auto mapped = backend_->MapZero(At(
        where,
        {mapped_end, static_cast<uint64_t>(pages.end() - mapped_end)}));
    if (!mapped.ok()) return ToStatus(mapped.error(), "segment");
  }
  return absl::OkStatus();
}

absl::Status PlacedGraph::MapModule(ModuleId id) {
  const ModulePlacement& placement = layout_.modules[id];
  const Reservation& reservation = reservations_[placement.reservation];
  PlacedModule where;
  where.span = placement.span;
  where.start = reservation.range().begin + placement.offset;
  where.bytes = backend_->Bytes(where.start);
  placed_.Add(where);
  // A reservation of copies only is backed by zeros from the start.
  if (placement.backing == Backing::kCopy &&
      !layout_.reservations[placement.reservation].all_copied) {
    auto mapped = backend_->MapZero(At(where, where.span));
    if (!mapped.ok()) return ToStatus(mapped.error(), module(id).name());
  }
  for (const Segment& segment : module(id).segments) {
    absl::Status status = MapSegment(id, segment);
    if (!status.ok()) return Annotate(status, module(id).name());
  }
  return absl::OkStatus();
}

absl::StatusOr<PlacedGraph> Stage(LinkGraph graph, Layout layout,
                                  MappingBackend& backend) {
  PlacedGraph placed(std::move(graph), std::move(layout), backend);
  placed.reservations_.reserve(placed.layout_.reservations.size());
  for (const ReservationPlan& plan : placed.layout_.reservations) {
    auto reservation = Reservation::Make(
        backend, {.size = std::max(plan.size, placed.layout_.page_size),
                  .alignment = plan.alignment,
                  .address = plan.address,
                  .fixed = plan.fixed,
                  .initial = plan.all_copied ? Protection::kReadWrite
                                             : Protection::kNone});
    if (!reservation.ok()) {
      return ToStatus(reservation.error(),
                      absl::StrCat("reserving 0x", absl::Hex(plan.size),
                                   " bytes"));
    }
    placed.reservations_.push_back(*std::move(reservation));
  }
  for (uint32_t i = 0; i < placed.graph_.modules.size(); ++i) {
    RETURN_IF_ERROR(placed.MapModule(ModuleId(i)));
  }
  return placed;
}

namespace {

// Adjacent pages that get the same protection, to be protected in one call.
class ProtectionRuns {
 public:
  ProtectionRuns(MappingBackend& backend, const PlacedModule& where)
      : backend_(backend), where_(where) {}

  absl::Status Add(LinkRange pages, Protection protection) {
    if (pages.size == 0) return absl::OkStatus();
    if (run_.size != 0 && run_.end() == pages.begin &&
        protection_ == protection) {
      run_.size += pages.size;
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(Flush());
    run_ = pages;
    protection_ = protection;
    return absl::OkStatus();
  }

  absl::Status Flush() {
    if (run_.size == 0) return absl::OkStatus();
    auto done = backend_.Protect(At(where_, run_), protection_);
    run_.size = 0;
    return done.ok() ? absl::OkStatus()
                     : ToStatus(done.error(), "final protection");
  }

 private:
  MappingBackend& backend_;
  const PlacedModule& where_;
  LinkRange run_;
  Protection protection_ = Protection::kNone;
};

// The pages that RELRO really protects: its start rounded down and its end too,
// as ld.so does, since what shares its last page must stay writable; and none
// past its own segment.
LinkRange RelroPages(const Module& module, uint64_t page_size) {
  for (const Segment& segment : module.segments) {
    if (!segment.memory.Contains(module.relro.begin)) continue;
    const uint64_t begin = AlignDown(module.relro.begin.value(), page_size);
    const uint64_t end =
        std::min(AlignDown(module.relro.end().value(), page_size),
                 PagesOf(segment.memory, page_size).end().value());
    return {LinkAddr(begin), end > begin ? end - begin : 0};
  }
  return {};
}

}  // namespace

absl::Status PlacedGraph::ProtectSegments(ModuleId id, bool with_relro) {
  const PlacedModule& where = placed_[id];
  const uint64_t page_size = layout_.page_size;
  const LinkRange relro = RelroPages(module(id), page_size);
  const bool copied = layout_.modules[id].backing == Backing::kCopy;
  ProtectionRuns runs(*backend_, where);
  LinkAddr previous_end = where.span.begin;
  for (const Segment& segment : module(id).segments) {
    const LinkRange pages = PagesOf(segment.memory, page_size);
    // Holes between segments were never mapped, unless everything was.
    if (copied && pages.begin > previous_end) {
      RETURN_IF_ERROR(runs.Add(
          {previous_end, static_cast<uint64_t>(pages.begin - previous_end)},
          Protection::kNone));
    }
    previous_end = pages.end();
    if (!segment.writable) {
      const bool zeros = segment.memory.size > segment.file.size;
      if (StagedWritable(id) || zeros) {
        RETURN_IF_ERROR(runs.Add(pages, FinalProtection(segment)));
      }
    } else if (with_relro && relro.size != 0 && pages.Contains(relro)) {
      RETURN_IF_ERROR(runs.Add(relro, Protection::kRead));
    }
  }
  return runs.Flush();
}

absl::Status PlacedGraph::ProtectRelro(ModuleId id) {
  const PlacedModule& where = placed_[id];
  ProtectionRuns runs(*backend_, where);
  RETURN_IF_ERROR(runs.Add(RelroPages(module(id), layout_.page_size),
                           Protection::kRead));
  return runs.Flush();
}

absl::StatusOr<LinkedImage> FinishImage(PlacedGraph placed,
                                        const ResolveStep* resolve) {
  const bool at_once = resolve == nullptr;
  for (uint32_t i = 0; i < placed.graph_.modules.size(); ++i) {
    RETURN_IF_ERROR(Annotate(placed.ProtectSegments(ModuleId(i), at_once),
                             placed.module(ModuleId(i)).name()));
  }
  if (at_once) return LinkedImage(std::move(placed));
  RETURN_IF_ERROR((*resolve)());
  for (uint32_t i = 0; i < placed.graph_.modules.size(); ++i) {
    RETURN_IF_ERROR(Annotate(placed.ProtectRelro(ModuleId(i)),
                             placed.module(ModuleId(i)).name()));
  }
  return LinkedImage(std::move(placed));
}

}  // namespace relink
