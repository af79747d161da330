// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/live_image.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/runtime/announce_image.h"
#include "relink/runtime/describe_image.h"
#include "relink/runtime/module_queries.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {

absl::StatusOr<std::shared_ptr<LiveImage>> LiveImage::Commit(
    BoundImage bound, TlsProvider& tls, TellDebugger debugger) {
  if (!bound.image.runs_here()) {
    return absl::FailedPreconditionError(
        "image is not mapped where this process could run it");
  }
  // Everything that can fail comes first.
  ASSIGN_OR_RETURN(LoadedGroup group,
                   DescribeImage(bound.image, bound.modules));
  bound.functions.resize(bound.modules.size());
  for (ModuleId id : bound.init_order) {
    absl::StatusOr<InitFunctions> functions =
        FindInitFunctions(bound.image, id);
    if (!functions.ok()) {
      return Annotate(functions.status(), bound.image.module(id).name());
    }
    bound.functions[id.index()] = *std::move(functions);
  }
  for (const BoundModule& module : bound.modules) {
    if (module.member.static_tls_offset.has_value()) {
      RETURN_IF_ERROR(tls.InitializeStatic(module.member.tls_module));
    }
  }
  std::shared_ptr<LiveImage> live(new LiveImage(std::move(bound), tls));
  group.image = live;
  live->registration_.emplace(std::move(group));
  live->RegisterFrames();
  live->debugger_ =
      AnnounceImage(live->image(), live->registration_->group(), debugger);
  return live;
}

void LiveImage::RegisterFrames() {
  for (const LoadedRegion& region : registration_->group().regions) {
    if (region.eh_frame == nullptr) continue;
    // Where the unwinder asks the registry, it need not be told.
    if (region.eh_frame_hdr == nullptr || !UnwinderAsksRegistry()) {
      frames_.emplace_back(region.eh_frame);
    }
  }
}

LiveImage::~LiveImage() { bound_.image.Retire(); }

}  // namespace relink
