// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Pages of one module that get a final protection, and the fewest calls to give
// it to them: each call costs more than what it does.
class FinalProtections {
 public:
  FinalProtections(MappingBackend& backend, const PlacedModule& where)
      : backend_(backend), where_(where) {}

  // Ranges are added in ascending order.
  void Add(LinkRange pages, Protection protection) {
    if (pages.size == 0) return;
    if (!runs_.empty() && runs_.back().pages.end() == pages.begin &&
        runs_.back().protection == protection) {
      runs_.back().pages.size += pages.size;
    } else {
      runs_.push_back({pages, protection});
    }
  }

  // Where code lies between read-only data, everything becomes read-only first
  // and then the code executable: two calls rather than three.
  absl::Status Apply() {
    for (size_t i = 0; i < runs_.size();) {
      LinkRange pages = runs_[i].pages;
      size_t end = i + 1;
      while (end < runs_.size() && runs_[end].pages.begin == pages.end() &&
             NeverWritten(runs_[i]) && NeverWritten(runs_[end])) {
        pages.size += runs_[end++].pages.size;
      }
      if (end == i + 1) {
        RETURN_IF_ERROR(Protect(pages, runs_[i].protection));
      } else {
        RETURN_IF_ERROR(Protect(pages, Protection::kRead));
        for (size_t j = i; j < end; ++j) {
          if (runs_[j].protection == Protection::kRead) continue;
          RETURN_IF_ERROR(Protect(runs_[j].pages, runs_[j].protection));
        }
      }
      i = end;
    }
    return absl::OkStatus();
  }

 private:
  struct Run {
    LinkRange pages;
    Protection protection;
  };
  static bool NeverWritten(const Run& run) {
    return run.protection == Protection::kRead ||
           run.protection == Protection::kReadExecute;
  }
  absl::Status Protect(LinkRange pages, Protection protection) {
    const auto done = backend_.Protect(where_.Bulk(pages), protection);
    return done.ok() ? absl::OkStatus()
                     : ToStatus(done.error(), "final protection");
  }

  MappingBackend& backend_;
  const PlacedModule& where_;
  std::vector<Run> runs_;
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
  if (where.in_arenas() || layout_.modules[id].is_adopted()) {
    return absl::OkStatus();
  }
  const uint64_t page_size = layout_.page_size;
  const LinkRange relro = RelroPages(module(id), page_size);
  const bool copied = layout_.modules[id].backing == Backing::kCopy;
  FinalProtections protections(*backend_, where);
  LinkAddr previous_end = where.span.begin;
  for (const Segment& segment : module(id).segments) {
    const LinkRange pages = PagesOf(segment.memory, page_size);
    // Holes between segments were never mapped, unless everything was.
    if (copied && pages.begin > previous_end) {
      protections.Add(
          {previous_end, static_cast<uint64_t>(pages.begin - previous_end)},
          Protection::kNone);
    }
    previous_end = pages.end();
    if (!segment.writable) {
      const bool zeros = segment.memory.size > segment.file.size;
      if (StagedWritable(id) || zeros) {
        protections.Add(pages, FinalProtection(segment));
      }
    } else if (with_relro && relro.size != 0 && pages.Contains(relro)) {
      protections.Add(relro, Protection::kRead);
    }
  }
  return protections.Apply();
}

absl::Status PlacedGraph::ProtectRelro(ModuleId id) {
  const PlacedModule& where = placed_[id];
  if (where.in_arenas() || layout_.modules[id].is_adopted()) {
    return absl::OkStatus();
  }
  FinalProtections protections(*backend_, where);
  protections.Add(RelroPages(module(id), layout_.page_size), Protection::kRead);
  return protections.Apply();
}

void LinkedImage::Retire() {
  for (size_t i = 0; i < placed_.reservations_.size(); ++i) {
    const ReservationPlan& plan = placed_.layout_.reservations[i];
    // A fixed address must be free for the next program that wants it.
    if (plan.all_copied && !plan.fixed) placed_.reservations_[i].Retire();
  }
}

absl::StatusOr<LinkedImage> FinishImage(PlacedGraph placed,
                                        const ResolveStep* resolve) {
  const bool at_once = resolve == nullptr;
  for (uint32_t i = 0; i < placed.graph_.modules.size(); ++i) {
    RETURN_IF_ERROR(Annotate(placed.ProtectSegments(ModuleId(i), at_once),
                             placed.module(ModuleId(i)).name()));
  }
  RETURN_IF_ERROR(placed.ProtectArenas(/*code=*/true, /*relro=*/at_once));
  if (at_once) return LinkedImage(std::move(placed));
  RETURN_IF_ERROR((*resolve)());
  for (uint32_t i = 0; i < placed.graph_.modules.size(); ++i) {
    RETURN_IF_ERROR(Annotate(placed.ProtectRelro(ModuleId(i)),
                             placed.module(ModuleId(i)).name()));
  }
  RETURN_IF_ERROR(placed.ProtectArenas(/*code=*/false, /*relro=*/true));
  return LinkedImage(std::move(placed));
}

}  // namespace relink
