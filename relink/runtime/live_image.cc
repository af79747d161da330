// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/live_image.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "relink/elf/eh_frame.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// The module's .eh_frame if it has one that unwinders can walk.
absl::StatusOr<const std::byte*> FindFrames(const LinkedImage& image,
                                            ModuleId id) {
  const Module& module = image.module(id);
  // All functions of a module in arenas have tables made for them.
  if (image.placed(id).in_arenas()) return nullptr;
  if (module.eh_frame_hdr.size == 0) return nullptr;
  auto frame = elf::FindEhFrame<NativeElf>(image.View<NativeElf>(id),
                                           module.eh_frame_hdr);
  if (!frame.ok()) {
    // Without a search table there is nothing that says where it ends.
    if (frame.error().code == ErrorCode::kUnsupported) return nullptr;
    return ToStatus(frame.error(), module.name());
  }
  if (frame->records.size == 0 || !frame->terminated) return nullptr;
  return image.placed(id).Bytes(frame->records).data();
}

}  // namespace

absl::StatusOr<std::shared_ptr<LiveImage>> LiveImage::Commit(BoundImage bound,
                                                             TlsProvider& tls) {
  if (!bound.image.runs_here()) {
    return absl::FailedPreconditionError(
        "image is not mapped where this process could run it");
  }
  // Everything that can fail comes first.
  std::vector<const std::byte*> frames;
  bound.functions.resize(bound.modules.size());
  for (ModuleId id : bound.init_order) {
    ASSIGN_OR_RETURN(const std::byte* eh_frame, FindFrames(bound.image, id));
    if (eh_frame != nullptr) frames.push_back(eh_frame);
    absl::StatusOr<InitFunctions> functions =
        FindInitFunctions(bound.image, id);
    if (!functions.ok()) {
      return Annotate(functions.status(), bound.image.module(id).name());
    }
    bound.functions[id.index()] = *std::move(functions);
  }
  for (SectionId id : bound.image.graph().order) {
    if (bound.image.graph().sections[id].kind == SectionKind::kUnwind) {
      frames.push_back(bound.image.Bytes(id).data());
    }
  }
  for (const BoundModule& module : bound.modules) {
    if (module.member.static_tls_offset.has_value()) {
      RETURN_IF_ERROR(tls.InitializeStatic(module.member.tls_module));
    }
  }
  std::shared_ptr<LiveImage> live(new LiveImage(std::move(bound), tls));
  live->frames_.reserve(frames.size());
  for (const std::byte* eh_frame : frames) {
    live->frames_.emplace_back(eh_frame);
  }
  return live;
}

LiveImage::~LiveImage() { bound_.image.Retire(); }

}  // namespace relink
