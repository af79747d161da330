// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/read_frames.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/lsda.h"
#include "relink/elf/unwind_records.h"

namespace relink {
namespace {

constexpr char kUnknownRecord[] = "its module has an unreadable unwind record";
constexpr char kLsda[] = "its language-specific data is not understood";
constexpr char kLandingPadBase[] = "its landing pads count from elsewhere";
constexpr char kLandingPad[] = "a landing pad lies outside of it";

// A call site covers at least one byte of code, and takes at most so many.
constexpr uint64_t kMaxCallSite = 32;

template <class E>
LinkRange FindRecords(const Module& module, const FileParts<E>& parts,
                      std::span<const PlannedSection> plan) {
  if (module.eh_frame_hdr.size != 0) {
    const auto frame = elf::FindEhFrame<E>(parts.view, module.eh_frame_hdr);
    if (frame.ok()) return frame->records;
  }
  for (const PlannedSection& planned : plan) {
    if (planned.section.name == ".eh_frame") return planned.section.home;
  }
  // Not in any way that an unwinder could, either.
  return {};
}

template <class E>
void CheckLandingPads(const FileParts<E>& parts, const elf::FrameRecord& frame,
                      Function& function, CodeMap& code) {
  const LinkAddr at = frame.lsda.target;
  const auto bytes = parts.view.From(at);
  if (!bytes.ok() || (frame.lsda.encoding & elf::kPeIndirect) != 0) {
    return function.Pin(kLsda, at);
  }
  const auto lsda = elf::ReadLsda<E>(*bytes, at);
  if (!lsda.ok() || lsda->call_sites.size / kMaxCallSite > frame.code.size) {
    return function.Pin(kLsda, at);
  }
  if (lsda->landing_pad_base.present()) {
    return function.Pin(kLandingPadBase, at);
  }
  if (lsda->last_landing_pad >= frame.code.size) {
    return function.Pin(kLandingPad, frame.code.begin + lsda->last_landing_pad);
  }
  elf::ForEachLandingPad<E>(*lsda, [&](uint64_t landing_pad) {
    code.Enter(frame.code.begin + landing_pad);
  });
}

}  // namespace

template <class E>
FrameIndex ReadFrames(const Module& module, const FileParts<E>& parts,
                      std::span<const PlannedSection> plan) {
  FrameIndex index;
  const LinkRange range = FindRecords<E>(module, parts, plan);
  const auto bytes = parts.view.Slice(range.begin, range.size);
  if (!bytes.ok()) {
    index.problem = kUnknownRecord;
    return index;
  }
  elf::UnwindRecords<E> records(*bytes, range.begin);
  for (;;) {
    const auto next = records.Next();
    if (next.ok() && *next == nullptr) return index;
    if (!next.ok()) {
      index.problem = kUnknownRecord;
      return index;
    }
    if ((*next)->code.size != 0) {
      index.frames.push_back(**next);
    } else if ((*next)->problem != nullptr) {
      index.problem = kUnknownRecord;
    }
  }
}

template <class E>
void CheckFrames(const FileParts<E>& parts, const FrameIndex& frames,
                 FoundFunctions& found, CodeMap& code) {
  for (size_t i = 0; i < found.functions.size(); ++i) {
    if (found.frames[i] == FoundFunctions::kNoFrame) continue;
    const elf::FrameRecord& frame = frames.frames[found.frames[i]];
    Function& function = found.functions[i];
    // The one of the PLT computes where in an entry the program is; the section
    // stays one, at its alignment.
    if (frame.problem != nullptr && !absl::StartsWith(function.name, ".plt")) {
      function.Pin(frame.problem, frame.record.begin);
    }
    if (frame.lsda.target.value() != 0 && function.pinned.empty()) {
      CheckLandingPads<E>(parts, frame, function, code);
    }
  }
}

template FrameIndex ReadFrames(const Module&, const FileParts<elf::Elf64Le>&,
                               std::span<const PlannedSection>);
template void CheckFrames(const FileParts<elf::Elf64Le>&, const FrameIndex&,
                          FoundFunctions&, CodeMap&);

}  // namespace relink
