// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/layout/layout.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/layout/place_sections.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// More than any machine's user address space, far from wrapping a sum.
constexpr uint64_t kMaxReservation = uint64_t{1} << 60;

// Up to here it costs less to copy a module, since fewer mappings are made, and
// little is lost by not sharing its pages with other processes.
constexpr uint64_t kCopyLimit = 32 * 1024;

// How the segments' pages get their bytes: from the file's pages if those can
// stand for them.
Backing BackingOf(const Module& module, uint64_t page_size) {
  const bool congruent =
      std::ranges::all_of(module.segments, [&](const Segment& segment) {
        return (segment.memory.begin.value() - segment.file.begin.value()) %
                   page_size ==
               0;
      });
  return module.source.in_memory() || module.source.size() <= kCopyLimit ||
                 !congruent
             ? Backing::kCopy
             : Backing::kFile;
}

// Whether relocations will write to most pages of the writable segments: if
// there are a few for each page.
bool MostlyWritten(const Module& module) {
  constexpr uint64_t kBytesPerRelocation = 512;
  constexpr uint64_t kRelocationSize = 24;
  const elf::Dynamic& dynamic = module.dynamic;
  const uint64_t relocations =
      (dynamic.rela.size + dynamic.rel.size + dynamic.jmprel.size) /
          kRelocationSize +
      dynamic.relr.size;  // Eight of them in a word, or more.
  uint64_t writable = 0;
  for (const Segment& segment : module.segments) {
    if (segment.writable) writable += segment.file.size;
  }
  return relocations >= writable / kBytesPerRelocation;
}

absl::Status CheckPages(const Module& module, uint64_t page_size) {
  for (size_t i = 1; i < module.segments.size(); ++i) {
    const LinkRange before = PagesOf(module.segments[i - 1].memory, page_size);
    const LinkRange after = PagesOf(module.segments[i].memory, page_size);
    if (before.end() > after.begin) {
      return absl::InvalidArgumentError(absl::StrCat(
          module.name(), ": segments ", i - 1, " and ", i,
          " share the page at 0x", absl::Hex(after.begin.value())));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<ModulePlacement> PlaceInside(const Module& module,
                                            uint64_t page_size) {
  RETURN_IF_ERROR(CheckPages(module, page_size));
  const LinkAddr begin = module.segments.front().memory.begin;
  const LinkAddr end = module.segments.back().memory.end();
  ModulePlacement placement;
  placement.span =
      PagesOf(LinkRange{begin, static_cast<uint64_t>(end - begin)}, page_size);
  placement.backing = BackingOf(module, page_size);
  placement.mostly_written = MostlyWritten(module);
  return placement;
}

// A power of two, and what the address of the module's span is modulo that.
struct Congruence {
  uint64_t alignment = 0;
  uint64_t remainder = 0;
};

Congruence CongruenceOf(const Module& module, const ModulePlacement& placement,
                        uint64_t page_size) {
  constexpr uint64_t kHugePage = uint64_t{2} << 20;
  uint64_t alignment = page_size;
  for (const Segment& segment : module.segments) {
    alignment = std::max(alignment, segment.alignment);
  }
  // As p_vaddr modulo the greatest p_align.
  const LinkAddr begin = placement.span.begin;
  if (alignment > page_size) return {alignment, begin.value() % alignment};
  for (const Segment& segment : module.segments) {
    if (!WantsHugePages(placement, segment)) continue;
    const LinkAddr huge = PagesOf(segment.memory, page_size).begin;
    return {kHugePage, static_cast<uint64_t>(begin - huge) % kHugePage};
  }
  return {alignment, 0};
}

}  // namespace

absl::StatusOr<Layout> PlanLayout(const LinkGraph& graph,
                                  const LayoutOptions& options) {
  Layout layout;
  layout.page_size = options.page_size;
  std::optional<uint32_t> movable;  // The reservation of all that can move.
  const auto movable_reservation = [&] {
    if (!movable.has_value()) {
      movable = static_cast<uint32_t>(layout.reservations.size());
      layout.reservations.push_back(
          {.alignment = options.page_size, .address = options.hint});
    }
    return *movable;
  };
  for (const Module& module : graph.modules) {
    const RuntimeAddr adopted = layout.modules.size() < options.adopted.size()
                                    ? options.adopted[layout.modules.size()]
                                    : RuntimeAddr();
    if (adopted != RuntimeAddr()) {
      if (module.materialization == Materialization::kArenas) {
        return absl::FailedPreconditionError(absl::StrCat(
            module.name(), ": is mapped already, and cannot be in arenas"));
      }
      ASSIGN_OR_RETURN(ModulePlacement placement,
                       PlaceInside(module, options.page_size));
      placement.backing = Backing::kFile;
      placement.adopted = adopted;
      layout.modules.Add(placement);
      continue;
    }
    if (module.materialization == Materialization::kArenas) {
      ModulePlacement nowhere;
      nowhere.backing = Backing::kCopy;
      layout.modules.Add(nowhere);
      continue;
    }
    ASSIGN_OR_RETURN(ModulePlacement placement,
                     PlaceInside(module, options.page_size));
    if (module.position_independent) {
      ReservationPlan& plan = layout.reservations[movable_reservation()];
      const Congruence congruence =
          options.at_link_addresses
              ? Congruence{options.page_size, 0}
              : CongruenceOf(module, placement, options.page_size);
      if (options.at_link_addresses) {
        plan.address = RuntimeAddr(placement.span.begin.value());
        plan.fixed = true;
      }
      placement.reservation = *movable;
      placement.offset =
          AlignUp(plan.size, congruence.alignment) + congruence.remainder;
      plan.alignment = std::max(plan.alignment, congruence.alignment);
      plan.size = placement.offset + placement.span.size;
      plan.all_copied &= placement.backing == Backing::kCopy;
      if (plan.size > kMaxReservation) {
        return absl::OutOfRangeError(absl::StrCat(
            module.name(), ": segments span more than the address space"));
      }
    } else {
      if (placement.span.begin == LinkAddr()) {
        // Where the kernel allows it, null pointers would stop being faults.
        return absl::InvalidArgumentError(absl::StrCat(
            module.name(), ": cannot move and begins at address 0"));
      }
      placement.reservation = static_cast<uint32_t>(layout.reservations.size());
      layout.reservations.push_back(
          {.size = placement.span.size,
           .alignment = options.page_size,
           .address = RuntimeAddr(placement.span.begin.value()),
           .fixed = true,
           .all_copied = placement.backing == Backing::kCopy});
    }
    layout.modules.Add(placement);
  }
  for (size_t i = 0; i < graph.sections.size(); ++i) layout.sections.Add({});
  if (!graph.arenas.empty()) {
    RETURN_IF_ERROR(PlaceSections(graph, movable_reservation(), layout));
  }
  for (const ReservationPlan& plan : layout.reservations) {
    if (plan.size > kMaxReservation) {
      return absl::OutOfRangeError("sections span more than the address space");
    }
  }
  return layout;
}

}  // namespace relink
