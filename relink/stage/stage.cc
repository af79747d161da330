// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstring>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/elf_file.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// The faults of so few pages cost no more than the call that saves them.
constexpr uint64_t kFewBytes = 16 * 1024;

}  // namespace

bool PlacedGraph::StagedWritable(ModuleId id) const {
  const ModulePlacement& placement = layout_.modules[id];
  return !placement.is_adopted() &&
         (placement.backing == Backing::kCopy || placement.writes_code ||
          (module(id).dynamic.flags & elf::kDfTextrel) != 0);
}

// NOLINTNEXTLINE(readability-make-member-function-const): they change it.
absl::StatusOr<std::span<std::byte>> PlacedGraph::WritableBytes(
    ModuleId id, LinkRange range) {
  const auto where = [&] {
    return absl::StrCat(module(id).name(), ": ", range.size, " bytes at 0x",
                        absl::Hex(range.begin.value()));
  };
  const PlacedModule& placed_module = placed(id);
  if (placed_module.in_arenas()) {
    for (const AddressMap::Piece& piece : placed_module.pieces) {
      if (piece.from.Contains(range)) return placed_module.Bytes(range);
    }
    return absl::OutOfRangeError(
        absl::StrCat(where(), ": not inside one section"));
  }
  for (const Segment& segment : module(id).segments) {
    if (!segment.memory.Contains(range)) continue;
    if (WritableNow(id, segment)) return placed(id).Bytes(range);
    return absl::FailedPreconditionError(
        absl::StrCat(where(), ": not writable now"));
  }
  return absl::OutOfRangeError(
      absl::StrCat(where(), ": not inside one segment"));
}

template <class E>
elf::AddressView<E> PlacedGraph::View(ModuleId id) const {
  const PlacedModule& where = placed_[id];
  if (where.in_arenas()) {
    const auto file = elf::ElfFile<E>::Parse(module(id).file);
    return file.ok() ? elf::AddressView<E>::OfFile(*file)
                     : elf::AddressView<E>();
  }
  const ByteView headers = module(id).program_headers;
  // ScanModule made sure that they are whole.
  const auto segments = headers.template Records<elf::Phdr<E>>(
      0, headers.size() / sizeof(elf::Phdr<E>));
  if (!segments.ok()) return elf::AddressView<E>();
  return elf::AddressView<E>::OfImage(
      *segments, ByteView(where.bytes, where.span.size), where.span.begin);
}
template elf::AddressView<elf::Elf64Le> PlacedGraph::View(ModuleId) const;

absl::Status PlacedGraph::MapSegment(ModuleId id, const Segment& segment) {
  const PlacedModule& where = placed_[id];
  const uint64_t page_size = layout_.page_size;
  const LinkRange pages = PagesOf(segment.memory, page_size);
  const LinkAddr file_end = segment.memory.begin + segment.file.size;
  if (layout_.modules[id].backing == Backing::kCopy) {
    return module(id).source.ReadInto(
        segment.file.begin.value(),
        where.Bytes({segment.memory.begin, segment.file.size}));
  }
  if (WantsHugePages(layout_.modules[id], segment)) {
    auto mapped = backend_->MapZero(where.Bulk(pages));
    if (!mapped.ok()) return ToStatus(mapped.error(), "segment");
    backend_->UseHugePages(where.Bulk(pages));
    return module(id).source.ReadInto(
        segment.file.begin.value(),
        where.Bytes({segment.memory.begin, segment.file.size}));
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
        where.Bulk(file_pages), module(id).source.file(),
        FileOffset(AlignDown(segment.file.begin.value(), page_size)),
        writable ? Protection::kReadWrite : FinalProtection(segment));
    if (!mapped.ok()) return ToStatus(mapped.error(), "segment");
    if (segment.writable && layout_.modules[id].mostly_written &&
        file_pages.size > kFewBytes) {
      backend_->Prefault(where.Bulk(file_pages), /*write=*/true);
    }
    if (zeros && mapped_end > file_end) {
      auto tail =
          where.Bytes({file_end, static_cast<uint64_t>(mapped_end - file_end)});
      std::memset(tail.data(), 0, tail.size());
    }
  }
  if (pages.end() > mapped_end) {
    auto mapped = backend_->MapZero(where.Bulk(
        {mapped_end, static_cast<uint64_t>(pages.end() - mapped_end)}));
    if (!mapped.ok()) return ToStatus(mapped.error(), "segment");
  }
  return absl::OkStatus();
}

size_t PlacedGraph::CountUnchanged(std::span<const Segment> segments) const {
  const uint64_t page_size = layout_.page_size;
  const auto distance = [](const Segment& segment) {
    return segment.memory.begin.value() - segment.file.begin.value();
  };
  size_t count = 0;
  for (; count < segments.size(); ++count) {
    const Segment& segment = segments[count];
    if (segment.writable || segment.file.size != segment.memory.size) break;
    if (count == 0) continue;
    const Segment& before = segments[count - 1];
    if (distance(segment) != distance(before) ||
        PagesOf(segment.memory, page_size).begin !=
            PagesOf(before.memory, page_size).end()) {
      break;
    }
  }
  return std::max<size_t>(count, 1);
}

absl::Status PlacedGraph::MapUnchanged(ModuleId id,
                                       std::span<const Segment> segments) {
  const PlacedModule& where = placed_[id];
  const uint64_t page_size = layout_.page_size;
  const Segment& first = segments.front();
  const LinkAddr begin = PagesOf(first.memory, page_size).begin;
  const LinkAddr end = PagesOf(segments.back().memory, page_size).end();
  const auto mapped = backend_->MapFile(
      where.Bulk({begin, static_cast<uint64_t>(end - begin)}),
      module(id).source.file(),
      FileOffset(AlignDown(first.file.begin.value(), page_size)),
      Protection::kRead);
  if (!mapped.ok()) return ToStatus(mapped.error(), "segments");
  for (const Segment& segment : segments) {
    if (!segment.executable) continue;
    const auto done =
        backend_->Protect(where.Bulk(PagesOf(segment.memory, page_size)),
                          Protection::kReadExecute);
    if (!done.ok()) return ToStatus(done.error(), "segment");
  }
  return absl::OkStatus();
}

absl::Status PlacedGraph::MapModule(ModuleId id) {
  const ModulePlacement& placement = layout_.modules[id];
  if (placement.span.size == 0) {
    placed_.Add({});
    return absl::OkStatus();
  }
  PlacedModule where;
  where.span = placement.span;
  if (placement.is_adopted()) {
    where.start = placement.adopted;
    where.bytes = backend_->Bytes(where.start);
    placed_.Add(where);
    return absl::OkStatus();
  }
  const Reservation& reservation = reservations_[placement.reservation];
  where.start = reservation.range().begin + placement.offset;
  where.bytes = backend_->Bytes(where.start);
  placed_.Add(where);
  // A reservation of copies only is backed by zeros from the start.
  if (placement.backing == Backing::kCopy &&
      !layout_.reservations[placement.reservation].all_copied) {
    auto mapped = backend_->MapZero(where.Bulk(where.span));
    if (!mapped.ok()) return ToStatus(mapped.error(), module(id).name());
  }
  std::span<const Segment> segments = module(id).segments;
  while (!segments.empty()) {
    const size_t count = StagedWritable(id) ? 1 : CountUnchanged(segments);
    const absl::Status status = count > 1
                                    ? MapUnchanged(id, segments.first(count))
                                    : MapSegment(id, segments.front());
    if (!status.ok()) return Annotate(status, module(id).name());
    segments = segments.subspan(count);
  }
  return absl::OkStatus();
}

absl::StatusOr<PlacedGraph> Stage(LinkGraph graph, Layout layout,
                                  MappingBackend& backend) {
  PlacedGraph placed(std::move(graph), std::move(layout), backend);
  placed.reservations_.reserve(placed.layout_.reservations.size());
  for (const ReservationPlan& plan : placed.layout_.reservations) {
    auto reservation = Reservation::Make(
        backend, {.size = plan.size,
                  .alignment = plan.alignment,
                  .address = plan.address,
                  .fixed = plan.fixed,
                  .initial = plan.all_copied ? Protection::kReadWrite
                                             : Protection::kNone});
    if (!reservation.ok()) {
      return ToStatus(
          reservation.error(),
          absl::StrCat(placed.module(placed.graph_.root_id).name(),
                       ": reserving 0x", absl::Hex(plan.size), " bytes"));
    }
    placed.reservations_.push_back(*std::move(reservation));
  }
  for (uint32_t i = 0; i < placed.graph_.modules.size(); ++i) {
    RETURN_IF_ERROR(placed.MapModule(ModuleId(i)));
    placed.graph_.modules[ModuleId(i)].source.CloseFile();
  }
  RETURN_IF_ERROR(placed.MapArenas());
  placed.PlacePieces();
  return placed;
}

}  // namespace relink
