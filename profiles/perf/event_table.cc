// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/event_table.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "profiles/perf/perf_records.h"
#include "relink/support/nearest_name.h"

namespace relink::profiles {
namespace {

constexpr size_t kMaxEvents = 4096;
constexpr size_t kMaxIds = size_t{1} << 20;

// PERF_TYPE_HARDWARE and PERF_TYPE_SOFTWARE, by config.
constexpr absl::string_view kHardware[] = {"cycles",
                                           "instructions",
                                           "cache-references",
                                           "cache-misses",
                                           "branches",
                                           "branch-misses",
                                           "bus-cycles",
                                           "stalled-cycles-frontend",
                                           "stalled-cycles-backend",
                                           "ref-cycles"};
constexpr absl::string_view kSoftware[] = {
    "cpu-clock",        "task-clock",   "page-faults",  "context-switches",
    "cpu-migrations",   "minor-faults", "major-faults", "alignment-faults",
    "emulation-faults", "dummy",        "bpf-output",   "cgroup-switches"};

std::string EventName(uint32_t type, uint64_t config) {
  // The upper half says which of a machine's different processors.
  const uint64_t number = config & 0xffffffff;
  if (type == 0 && number < std::size(kHardware)) {
    return std::string(kHardware[number]);
  }
  if (type == 1 && number < std::size(kSoftware)) {
    return std::string(kSoftware[number]);
  }
  return absl::StrCat(type, ":0x", absl::Hex(config));
}

template <std::endian kOrder>
bool Flag(const PerfAttr<kOrder>& attr, int number) {
  const int bit = kOrder == std::endian::little ? number % 8 : 7 - number % 8;
  return (attr.flags[number / 8] >> bit & 1) != 0;
}

// The number of fields of 8 bytes that `bits` of a sample type stand for.
uint64_t FieldCount(uint64_t sample_type, uint64_t bits) {
  return static_cast<uint64_t>(std::popcount(sample_type & bits));
}

template <std::endian kOrder>
uint64_t FieldAt(ByteView contents, uint64_t offset) {
  const auto field = contents.Record<U64<kOrder>>(offset);
  return field.ok() ? uint64_t{**field} : 0;
}

// From the end: 1 is the last field.
template <std::endian kOrder>
uint64_t FieldFromEnd(ByteView contents, uint64_t number) {
  if (contents.size() < number * 8) return 0;
  return FieldAt<kOrder>(contents, contents.size() - number * 8);
}

}  // namespace

template <std::endian kOrder>
absl::Status PerfEventTable::Add(ByteView attr,
                                 const std::vector<uint64_t>& ids) {
  const auto fixed = attr.Slice(0, kPerfAttrSizeVersion0);
  if (!fixed.ok())
    return absl::OutOfRangeError("an event's attributes are short");
  // Older ones end before what was added later, which then is 0.
  PerfAttr<kOrder> known = {};
  std::memcpy(&known, attr.data(),
              std::min<size_t>(attr.size(), sizeof(known)));
  if (events_.size() >= kMaxEvents || ids_.size() + ids.size() > kMaxIds) {
    return absl::ResourceExhaustedError("too many events");
  }
  PerfEvent event;
  event.number = events_.size();
  event.name = EventName(known.type, known.config);
  (Flag(known, kPerfAttrFreq) ? event.frequency : event.period) =
      known.sample_period;
  event.sample_type = known.sample_type;
  event.read_format = known.read_format;
  event.branch_sample_type = known.branch_sample_type;
  event.sample_id_all = Flag(known, kPerfAttrSampleIdAll);
  uint64_t number;
  if (absl::SimpleAtoi(choice_, &number) && number == events_.size()) {
    choice_ = event.name;
  }
  // By name: a machine with two kinds of processors has an event for each.
  const bool samples = known.sample_period != 0 && event.name != "dummy";
  if (choice_.empty() && samples) choice_ = event.name;
  event.chosen = event.name == choice_;
  for (const uint64_t id : ids) ids_.emplace(id, events_.size());
  events_.push_back(std::move(event));
  return absl::OkStatus();
}

absl::Status PerfEventTable::CheckChoice() const {
  std::vector<std::string> names;
  for (const PerfEvent& event : events_) {
    if (event.chosen) return absl::OkStatus();
    names.push_back(event.name);
  }
  if (choice_.empty()) return absl::OkStatus();
  return absl::NotFoundError(
      absl::StrCat("no event ", choice_, Suggestion(choice_, names)));
}

const PerfEvent* PerfEventTable::Find(uint64_t id) {
  if (last_ != nullptr && last_id_ == id) return last_;
  const auto found = ids_.find(id);
  if (found != ids_.end()) {
    last_id_ = id;
    last_ = &events_[found->second];
    return last_;
  }
  // What perf made up has the id 0.
  return id == 0 ? &events_[0] : nullptr;
}

template <std::endian kOrder>
const PerfEvent* PerfEventTable::OfSample(ByteView contents) {
  if (events_.empty()) return nullptr;
  if (events_.size() == 1) return &events_[0];
  // perf takes care that all events have it where the first has it.
  const uint64_t type = events_[0].sample_type;
  if ((type & kPerfSampleIdentifier) != 0) {
    return Find(FieldAt<kOrder>(contents, 0));
  }
  if ((type & kPerfSampleId) == 0) return &events_[0];
  return Find(FieldAt<kOrder>(
      contents, 8 * FieldCount(type, kPerfSampleIp | kPerfSampleTid |
                                         kPerfSampleTime | kPerfSampleAddr)));
}

template <std::endian kOrder>
const PerfEvent& PerfEventTable::OfOther(ByteView contents) {
  const PerfEvent& first = events_[0];
  if (events_.size() == 1 || !first.sample_id_all) return first;
  const PerfEvent* found = nullptr;
  if ((first.sample_type & kPerfSampleIdentifier) != 0) {
    found = Find(FieldFromEnd<kOrder>(contents, 1));
  } else if ((first.sample_type & kPerfSampleId) != 0) {
    found = Find(FieldFromEnd<kOrder>(
        contents, 1 + FieldCount(first.sample_type,
                                 kPerfSampleStreamId | kPerfSampleCpu)));
  }
  return found != nullptr ? *found : first;
}

template <std::endian kOrder>
uint64_t TimeOfSample(const PerfEvent& event, ByteView contents) {
  if ((event.sample_type & kPerfSampleTime) == 0) return 0;
  return FieldAt<kOrder>(
      contents,
      8 * FieldCount(event.sample_type,
                     kPerfSampleIdentifier | kPerfSampleIp | kPerfSampleTid));
}

template <std::endian kOrder>
uint64_t TimeOfOther(const PerfEvent& event, ByteView contents) {
  if (!event.sample_id_all || (event.sample_type & kPerfSampleTime) == 0) {
    return 0;
  }
  return FieldFromEnd<kOrder>(
      contents, 1 + FieldCount(event.sample_type,
                               kPerfSampleId | kPerfSampleStreamId |
                                   kPerfSampleCpu | kPerfSampleIdentifier));
}

#define RELINK_INSTANTIATE(order)                                      \
  template absl::Status PerfEventTable::Add<order>(                    \
      ByteView, const std::vector<uint64_t>&);                         \
  template const PerfEvent* PerfEventTable::OfSample<order>(ByteView); \
  template const PerfEvent& PerfEventTable::OfOther<order>(ByteView);  \
  template uint64_t TimeOfSample<order>(const PerfEvent&, ByteView);   \
  template uint64_t TimeOfOther<order>(const PerfEvent&, ByteView);
RELINK_INSTANTIATE(std::endian::little)
RELINK_INSTANTIATE(std::endian::big)
#undef RELINK_INSTANTIATE

}  // namespace relink::profiles
