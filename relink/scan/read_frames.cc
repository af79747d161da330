// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/read_frames.h"

#include <cstdint>

#include "relink/elf/eh_frame.h"
#include "relink/elf/lsda.h"
#include "relink/elf/unwind_records.h"

namespace relink {
namespace {

constexpr char kUnknownRecord[] = "its module has an unreadable unwind record";
constexpr char kPersonality[] =
    "its personality routine is not found through data";
constexpr char kModulo[] = "its unwind record needs more alignment than it has";
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

// Whether a copy of the record can point there: to data of a section.
bool CanFollow(const elf::EncodedPointer& pointer,
               std::span<const PlannedSection> plan,
               const SectionIndex& sections) {
  if (pointer.target == LinkAddr()) return true;
  const uint32_t number = sections.Find(pointer.target);
  return number != SectionIndex::kNone &&
         plan[number].section.memory_class != MemoryClass::kCode;
}

// Of the section that has the address, and so of what is cut from it there, as
// far as that is at a multiple of it.
uint64_t AlignmentAt(LinkAddr address, std::span<const PlannedSection> plan,
                     const SectionIndex& sections) {
  const uint32_t number = sections.Find(address);
  return number == SectionIndex::kNone ? 1 : plan[number].section.alignment;
}

FrameFacts FactsOf(const elf::FrameRecord& frame,
                   std::span<const PlannedSection> plan,
                   const SectionIndex& sections) {
  FrameFacts facts{frame.record, frame.code, frame.lsda.target, frame.problem,
                   frame.address_modulo};
  if (facts.problem != nullptr) return facts;
  if (!CanFollow(frame.common.personality, plan, sections)) {
    facts.problem = kPersonality;
  } else if (!CanFollow(frame.lsda, plan, sections) ||
             (frame.lsda.present() &&
              (frame.lsda.encoding & elf::kPeIndirect) != 0)) {
    facts.problem = kLsda;
  } else if (AlignmentAt(frame.code.begin, plan, sections) %
                 frame.address_modulo !=
             0) {
    facts.problem = kModulo;
  }
  return facts;
}

template <class E>
void CheckLandingPads(const FileParts<E>& parts, const FrameFacts& frame,
                      Function& function, CodeMap& code) {
  const LinkAddr at = frame.lsda;
  const auto bytes = parts.view.From(at);
  if (!bytes.ok()) return function.Pin(kLsda, at);
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
                      std::span<const PlannedSection> plan,
                      const SectionIndex& sections) {
  FrameIndex index;
  const LinkRange range = FindRecords<E>(module, parts, plan);
  const auto bytes = parts.view.Slice(range.begin, range.size);
  if (!bytes.ok()) {
    index.problem = kUnknownRecord;
    return index;
  }
  elf::UnwindRecords<E> records(*bytes, range.begin);
  // About as many as there are; what is too much is never touched.
  constexpr uint64_t kUsualRecord = 24;
  index.frames.reserve(bytes->size() / kUsualRecord);
  for (;;) {
    const auto next = records.Next();
    if (next.ok() && *next == nullptr) return index;
    if (!next.ok()) {
      index.problem = kUnknownRecord;
      return index;
    }
    if ((*next)->code.size != 0) {
      index.frames.push_back(FactsOf(**next, plan, sections));
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
    const FrameFacts& frame = frames.frames[found.frames[i]];
    Function& function = found.functions[i];
    if (frame.problem != nullptr) {
      function.Pin(frame.problem, frame.record.begin);
    } else if (function.range.begin.value() % frame.address_modulo != 0) {
      function.Pin(kModulo, frame.record.begin);
    }
    if (frame.lsda != LinkAddr() && function.pinned.empty()) {
      CheckLandingPads<E>(parts, frame, function, code);
    }
  }
}

template FrameIndex ReadFrames(const Module&, const FileParts<elf::Elf64Le>&,
                               std::span<const PlannedSection>,
                               const SectionIndex&);
template void CheckFrames(const FileParts<elf::Elf64Le>&, const FrameIndex&,
                          FoundFunctions&, CodeMap&);

}  // namespace relink
