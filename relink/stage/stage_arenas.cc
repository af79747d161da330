// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {

RuntimeAddr PlacedGraph::At(SectionId id) const {
  const SectionPlacement& placement = layout_.sections[id];
  if (!placement.arena_id.has_value()) {
    const Section& home = section(id);
    const PlacedModule& where = placed_[home.module_id];
    return RuntimeAddr(home.home.begin.value() + where.bias());
  }
  return ArenaRange(placement.arena_id).begin + placement.offset;
}

RuntimeRange PlacedGraph::ArenaRange(ArenaId id) const {
  const ArenaPlacement& arena = layout_.arenas[id];
  return {reservations_[arena.reservation].range().begin + arena.offset,
          arena.size};
}

bool PlacedGraph::IsCode(RuntimeAddr addr) const {
  for (uint32_t i = 0; i < placed_.size(); ++i) {
    const PlacedModule& where = placed_[ModuleId(i)];
    if (where.in_arenas()) continue;
    const LinkAddr inside(addr.value() - where.bias());
    for (const Segment& segment : module(ModuleId(i)).segments) {
      if (segment.executable && segment.memory.Contains(inside)) return true;
    }
  }
  for (uint32_t i = 0; i < layout_.arenas.size(); ++i) {
    if (graph_.arenas[ArenaId(i)].memory_class == MemoryClass::kCode &&
        ArenaRange(ArenaId(i)).Contains(addr)) {
      return true;
    }
  }
  return false;
}

std::span<std::byte> PlacedGraph::Bytes(SectionId id) const {
  return {backend_->Bytes(At(id)), section(id).size};
}

absl::Status PlacedGraph::MapArenas() {
  for (uint32_t i = 0; i < layout_.arenas.size(); ++i) {
    const ArenaPlacement& arena = layout_.arenas[ArenaId(i)];
    if (arena.size == 0) continue;
    const RuntimeRange pages = ArenaRange(ArenaId(i));
    if (!layout_.reservations[arena.reservation].all_copied) {
      const auto mapped = backend_->MapZero(pages);
      if (!mapped.ok()) {
        return ToStatus(mapped.error(),
                        absl::StrCat("arena ", graph_.arenas[ArenaId(i)].name));
      }
    }
    if (arena.huge_pages) backend_->UseHugePages(pages);
  }
  for (SectionId id : graph_.order) {
    if (!layout_.IsPlaced(id)) continue;
    const std::span<const std::byte> contents = section(id).contents.bytes();
    if (contents.empty()) continue;
    std::memcpy(Bytes(id).data(), contents.data(), contents.size());
  }
  return absl::OkStatus();
}

void PlacedGraph::PlacePieces() {
  for (SectionId id : graph_.order) {
    const Section& from = section(id);
    if (!layout_.IsPlaced(id) || from.home.size == 0) continue;
    // The copy of a table is for its function alone.
    if (from.kind == SectionKind::kJumpTable) continue;
    PlacedModule& module = placed_[from.module_id];
    if (from.address_kept) {
      module.second_copies.push_back({from.home, At(id)});
      continue;
    }
    // What was appended to a function is at no address of the file.
    module.pieces.push_back({from.home, At(id)});
    module.piece_sections.push_back(id);
  }
  for (PlacedModule& module : placed_) {
    if (module.pieces.empty()) continue;
    std::vector<size_t> order(module.pieces.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::sort(order, {},
                      [&](size_t i) { return module.pieces[i].from.begin; });
    PlacedModule sorted = module;
    for (size_t i = 0; i < order.size(); ++i) {
      sorted.pieces[i] = module.pieces[order[i]];
      sorted.piece_sections[i] = module.piece_sections[order[i]];
    }
    const SectionPlacement& first = layout_.sections[sorted.piece_sections[0]];
    sorted.arenas_start =
        reservations_[layout_.arenas[first.arena_id].reservation].range().begin;
    sorted.arenas_bytes = backend_->Bytes(sorted.arenas_start);
    module = std::move(sorted);
  }
}

absl::Status PlacedGraph::ProtectArenas(bool code, bool relro) {
  for (uint32_t i = 0; i < layout_.arenas.size(); ++i) {
    const ArenaPlacement& arena = layout_.arenas[ArenaId(i)];
    const MemoryClass memory_class = graph_.arenas[ArenaId(i)].memory_class;
    if (arena.size == 0 || memory_class == MemoryClass::kData) continue;
    const bool is_relro = memory_class == MemoryClass::kRelro ||
                          memory_class == MemoryClass::kTls;
    if (is_relro ? !relro : !code) continue;
    const auto done =
        backend_->Protect(ArenaRange(ArenaId(i)), arena.protection);
    if (!done.ok()) {
      return ToStatus(done.error(),
                      absl::StrCat("arena ", graph_.arenas[ArenaId(i)].name));
    }
  }
  return absl::OkStatus();
}

}  // namespace relink
