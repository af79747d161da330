// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/layout/place_sections.h"

#include <algorithm>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relink/arch/relocation_rule.h"

namespace relink {
namespace {

constexpr uint64_t kHugePage = uint64_t{2} << 20;
// What a linker leaves between sections of one segment.
constexpr uint64_t kMaxHole = 64 * 1024;

Protection FinalProtection(MemoryClass memory_class) {
  switch (memory_class) {
    case MemoryClass::kCode:
      return Protection::kReadExecute;
    case MemoryClass::kReadOnly:
    case MemoryClass::kRelro:
    case MemoryClass::kTls:
      return Protection::kRead;
    case MemoryClass::kData:
      return Protection::kReadWrite;
  }
  return Protection::kNone;
}

// Whether `section` must come as far behind `previous` as in the file. Pointers
// to the end of a section are pointers to the beginning of the next, and code
// that runs from one symbol to another expects what lies between.
bool KeepsDistance(const Section& previous, const Section& section) {
  return section.memory_class != MemoryClass::kCode &&
         previous.kind == SectionKind::kOutput &&
         section.kind == SectionKind::kOutput &&
         previous.module_id == section.module_id &&
         previous.home.end() <= section.home.begin &&
         static_cast<uint64_t>(section.home.begin - previous.home.end()) <=
             kMaxHole;
}

// Puts sections into one arena, one behind the other.
class Packer {
 public:
  explicit Packer(const LinkGraph& graph) : graph_(graph) {}

  void Add(SectionId id) { sections_.push_back(id); }

  // Of the memory, for every section to have its own.
  uint64_t alignment() const { return alignment_; }

  uint64_t Place(ArenaId arena_id, Layout& layout) {
    for (size_t i = 0; i < sections_.size();) {
      const size_t end = EndOfRun(i);
      const Section& first = graph_.sections[sections_[i]];
      uint64_t alignment = 1;
      for (size_t j = i; j < end; ++j) {
        alignment =
            std::max(alignment, graph_.sections[sections_[j]].alignment);
      }
      alignment_ = std::max(alignment_, alignment);
      // A run starts where its first section's home is, modulo the alignment.
      const uint64_t remainder =
          end == i + 1 ? 0 : first.home.begin.value() % alignment;
      const uint64_t start = AlignUp(size_, alignment) + remainder;
      for (; i < end; ++i) {
        const Section& section = graph_.sections[sections_[i]];
        const uint64_t offset =
            start + (end == i + 1 && &section == &first
                         ? 0
                         : static_cast<uint64_t>(section.home.begin -
                                                 first.home.begin));
        layout.sections[sections_[i]] = {arena_id, offset};
        size_ = offset + section.size;
      }
    }
    return size_;
  }

 private:
  size_t EndOfRun(size_t begin) const {
    size_t end = begin + 1;
    while (end < sections_.size() &&
           KeepsDistance(graph_.sections[sections_[end - 1]],
                         graph_.sections[sections_[end]])) {
      ++end;
    }
    return end;
  }

  const LinkGraph& graph_;
  std::vector<SectionId> sections_;
  uint64_t size_ = 0;
  uint64_t alignment_ = 1;
};

// .tbss: every thread's copy has it, memory does not.
bool OccupiesMemory(const Section& section) {
  return section.memory_class != MemoryClass::kTls ||
         section.contents.size() != 0;
}

}  // namespace

bool IsRedirected(const LinkGraph& graph, const Layout& layout,
                  const Fixup& fixup) {
  if (fixup.origin == FixupOrigin::kDynamic) return false;
  // A field of one byte is a short branch's, too.
  if (fixup.rule->lookup == Lookup::kCall || fixup.rule->field == Field::k8) {
    return false;
  }
  const auto* target =
      std::get_if<InSection>(&graph.symbols[fixup.target].definition);
  return target != nullptr && layout.IsPlaced(target->section_id) &&
         !graph.sections[target->section_id].address_kept;
}

absl::Status PlaceSections(const LinkGraph& graph, uint32_t reservation,
                           Layout& layout) {
  std::vector<Packer> packers(graph.arenas.size(), Packer(graph));
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (!OccupiesMemory(section)) continue;
    if (section.arena_id.has_value()) {
      packers[section.arena_id.index()].Add(id);
      continue;
    }
    const Module& module = graph.modules[section.module_id];
    if (module.materialization == Materialization::kArenas) {
      return absl::FailedPreconditionError(
          absl::StrCat(module.name(), ": section ", section.name,
                       " has no arena, and the module's segments are not "
                       "mapped"));
    }
  }
  ReservationPlan& plan = layout.reservations[reservation];
  for (uint32_t i = 0; i < graph.arenas.size(); ++i) {
    const ArenaId id(i);
    const Arena& arena = graph.arenas[id];
    const uint64_t used = packers[i].Place(id, layout);
    const uint64_t page_size = arena.huge_pages
                                   ? std::max(kHugePage, layout.page_size)
                                   : layout.page_size;
    const uint64_t alignment = std::max(page_size, packers[i].alignment());
    const uint64_t size = AlignUp(used, page_size);
    const uint64_t offset = AlignUp(plan.size, alignment);
    layout.arenas.Add({.reservation = reservation,
                       .offset = offset,
                       .size = size,
                       .protection = FinalProtection(arena.memory_class),
                       .huge_pages = arena.huge_pages});
    if (size == 0) continue;
    plan.size = offset + size;
    plan.alignment = std::max(plan.alignment, alignment);
    plan.all_copied &= !arena.huge_pages;
  }
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    if (layout.IsPlaced(id)) {
      if (section.leads) layout.modules[section.module_id].writes_code = true;
      continue;
    }
    const bool redirects = std::ranges::any_of(
        section.fixups,
        [&](const Fixup& fixup) { return IsRedirected(graph, layout, fixup); });
    if (redirects) layout.modules[section.module_id].writes_code = true;
  }
  return absl::OkStatus();
}

}  // namespace relink
