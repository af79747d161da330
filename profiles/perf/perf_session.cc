// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/perf_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// PATH_MAX, and what the kernel adds: " (deleted)".
constexpr size_t kMaxName = 4096 + 16;

absl::string_view NameAt(ByteView contents, uint64_t offset) {
  const auto rest = contents.From(offset);
  if (!rest.ok()) return {};
  const absl::string_view text(reinterpret_cast<const char*>(rest->data()),
                               std::min<uint64_t>(rest->size(), kMaxName));
  return text.substr(0, text.find('\0'));
}

absl::string_view BuildIdOf(const uint8_t (&bytes)[20], size_t size) {
  absl::string_view id(reinterpret_cast<const char*>(bytes),
                       std::min(size, sizeof(bytes)));
  // Older ones do not say how long it is.
  return id.find_first_not_of('\0') == absl::string_view::npos
             ? absl::string_view()
             : id;
}

}  // namespace

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::Process(ByteView record) {
  const Header& header = **record.Record<Header>(0);
  const ByteView contents = *record.From(sizeof(Header));
  switch (header.type) {
    case kPerfRecordHeaderAttr:
      return AddEvent(contents);
    case kPerfRecordBuildId:
      return AddBuildId(record);
    case kPerfRecordFinishedRound:
      return queue_.EndRound(DeliverFunction());
    case kPerfRecordCompressed:
      return ProcessCompressed(contents);
    case kPerfRecordCompressed2: {
      const auto size = contents.Record<U64<kOrder>>(0);
      if (!size.ok()) return ToStatus(size.error(), "compressed record");
      const auto packed = contents.Slice(8, **size);
      if (!packed.ok()) return ToStatus(packed.error(), "compressed record");
      return ProcessCompressed(*packed);
    }
    case kPerfRecordMmap:
    case kPerfRecordMmap2:
    case kPerfRecordComm:
    case kPerfRecordFork:
    case kPerfRecordExit:
    case kPerfRecordSample:
    case kPerfRecordLost:
    case kPerfRecordLostSamples:
      return Enqueue(record);
    default:
      return absl::OkStatus();
  }
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::ProcessCompressed(ByteView packed) {
  const auto take = [this](ByteView bytes) -> absl::StatusOr<size_t> {
    size_t at = 0;
    while (bytes.Contains(at, sizeof(Header))) {
      const Header& header = **bytes.Record<Header>(at);
      if (header.size < sizeof(Header)) {
        return absl::InvalidArgumentError(
            absl::StrCat("a record of ", uint16_t{header.size}, " bytes"));
      }
      const auto record = bytes.Slice(at, header.size);
      if (!record.ok()) break;
      if (header.type == kPerfRecordCompressed ||
          header.type == kPerfRecordCompressed2) {
        return absl::InvalidArgumentError("compressed twice");
      }
      RETURN_IF_ERROR(Process(*record));
      at += header.size;
    }
    return at;
  };
  return decompressor_.Decompress(packed, take);
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::AddEvent(ByteView contents) {
  // Its second field is its size; ids follow.
  const auto size = contents.Record<U32<kOrder>>(4);
  if (!size.ok()) return ToStatus(size.error(), "event");
  const auto attr = contents.Slice(0, **size);
  if (!attr.ok()) return ToStatus(attr.error(), "event");
  const ByteView rest = *contents.From(attr->size());
  const auto ids = *rest.Records<U64<kOrder>>(0, rest.size() / 8);
  return events_.Add<kOrder>(*attr, {ids.begin(), ids.end()});
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::AddBuildId(ByteView record) {
  const auto fixed = record.Record<PerfBuildId<kOrder>>(sizeof(Header));
  if (!fixed.ok()) return ToStatus(fixed.error(), "build-id");
  const Header& header = **record.Record<Header>(0);
  const size_t size =
      (header.misc & kPerfMiscBuildIdSize) != 0 ? (*fixed)->size : 20;
  const absl::string_view name =
      NameAt(record, sizeof(Header) + sizeof(PerfBuildId<kOrder>));
  const absl::string_view build_id = BuildIdOf((*fixed)->build_id, size);
  if (!name.empty() && !build_id.empty()) counter_.SetBuildId(name, build_id);
  return absl::OkStatus();
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::Enqueue(ByteView record) {
  const Header& header = **record.Record<Header>(0);
  const ByteView contents = *record.From(sizeof(Header));
  uint64_t time = 0;
  if (!events_.empty()) {
    if (header.type == kPerfRecordSample) {
      const PerfEvent* event = events_.OfSample<kOrder>(contents);
      if (event != nullptr) time = TimeOfSample<kOrder>(*event, contents);
    } else {
      time = TimeOfOther<kOrder>(events_.OfOther<kOrder>(contents), contents);
    }
  }
  // What perf made up of what was there before it began has no time.
  if (time == 0 || time == UINT64_MAX) return Deliver(record);
  return queue_.Add(time, record, DeliverFunction());
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::Deliver(ByteView record) {
  const Header& header = **record.Record<Header>(0);
  const ByteView contents = *record.From(sizeof(Header));
  switch (header.type) {
    case kPerfRecordSample:
      return AddSample(header.misc, contents);
    case kPerfRecordMmap:
    case kPerfRecordMmap2:
      return AddMapping(header, contents);
    case kPerfRecordLost:  // id, number
      return AddLost(8, contents);
    case kPerfRecordLostSamples:  // number
      return AddLost(0, contents);
    default:
      return ChangeTasks(header, contents);
  }
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::AddSample(uint16_t misc, ByteView contents) {
  if (events_.empty()) {
    return absl::InvalidArgumentError("a sample before any event");
  }
  RETURN_IF_ERROR(counter_.CheckSize());
  const PerfEvent* event = events_.OfSample<kOrder>(contents);
  if (event == nullptr || !event->chosen) {
    counter_.AddUnattributed(Unattributed::kOtherEvent, {1, 1});
    return absl::OkStatus();
  }
  const auto parsed = ParseSample<kOrder>(*event, misc, contents, sample_);
  if (!parsed.ok()) return ToStatus(parsed.error(), "sample");
  counter_.Add(sample_);
  counted_.resize(events_.all().size());
  counted_[event->number] += {1, std::max<uint64_t>(sample_.period, 1)};
  return absl::OkStatus();
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::AddMapping(const Header& header,
                                             ByteView contents) {
  // The kernel's own are told apart by the mode of the sample.
  const auto mode = static_cast<CpuMode>(header.misc & kPerfMiscCpuMode);
  if (mode == CpuMode::kKernel) return absl::OkStatus();
  const auto fixed = contents.Record<PerfMmap<kOrder>>(0);
  if (!fixed.ok()) return ToStatus(fixed.error(), "mapping");
  const PerfMmap<kOrder>& mmap = **fixed;
  uint64_t name_at = sizeof(mmap);
  absl::string_view build_id;
  if (header.type == kPerfRecordMmap2) {
    const auto more = contents.Record<PerfMmap2<kOrder>>(0);
    if (!more.ok()) return ToStatus(more.error(), "mapping");
    name_at = sizeof(PerfMmap2<kOrder>);
    if ((header.misc & kPerfMiscMmapBuildId) != 0) {
      build_id = BuildIdOf((*more)->build_id, (*more)->build_id_size);
    }
  }
  counter_.Map(mmap.pid, {RuntimeAddr(mmap.addr), mmap.len}, mmap.pgoff,
               counter_.AddFile(NameAt(contents, name_at), build_id));
  return counter_.CheckSize();
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::ChangeTasks(const Header& header,
                                              ByteView contents) {
  if (header.type == kPerfRecordComm) {
    const auto comm = contents.Record<PerfComm<kOrder>>(0);
    if (!comm.ok()) return ToStatus(comm.error(), "name of a process");
    if ((header.misc & kPerfMiscCommExec) != 0) counter_.Exec((*comm)->pid);
    return counter_.CheckSize();
  }
  const auto task = contents.Record<PerfTask<kOrder>>(0);
  if (!task.ok()) return ToStatus(task.error(), "beginning or end of a task");
  if (header.type == kPerfRecordFork) {
    counter_.Fork((*task)->pid, (*task)->ppid,
                  (header.misc & kPerfMiscForkExec) == 0);
  } else {
    counter_.Exit((*task)->pid);
  }
  return counter_.CheckSize();
}

template <std::endian kOrder>
absl::Status PerfSession<kOrder>::AddLost(uint64_t offset, ByteView contents) {
  const auto lost = contents.Record<U64<kOrder>>(offset);
  if (!lost.ok()) return ToStatus(lost.error(), "lost records");
  counter_.AddUnattributed(Unattributed::kLost, {**lost, 0});
  return absl::OkStatus();
}

template <std::endian kOrder>
PerfProgress PerfSession<kOrder>::progress() const {
  PerfProgress progress = {
      .lost = counter_.so_far().unattributed(Unattributed::kLost).samples,
      .modules = counter_.so_far().modules().size()};
  for (const Count& count : counted_) progress.samples += count.samples;
  return progress;
}

template <std::endian kOrder>
absl::StatusOr<Profile> PerfSession<kOrder>::Finish() {
  RETURN_IF_ERROR(queue_.Finish(DeliverFunction()));
  RETURN_IF_ERROR(events_.CheckChoice());
  for (const PerfEvent& event : events_.all()) {
    if (event.number >= counted_.size()) break;
    if (counted_[event.number] == Count()) continue;
    counter_.AddSource({.format = format_,
                        .event = event.name,
                        .period = event.period,
                        .frequency = event.frequency},
                       counted_[event.number]);
  }
  return counter_.Finish();
}

template class PerfSession<std::endian::little>;
template class PerfSession<std::endian::big>;

}  // namespace relink::profiles
