// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/perf_sample.h"

#include <span>

namespace relink::profiles {
namespace {

// Field after field.
template <std::endian kOrder>
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : bytes_(bytes) {}

  Result<uint64_t> Next() {
    RELINK_TRY_ASSIGN(const auto* field, bytes_.Record<U64<kOrder>>(at_));
    at_ += 8;
    return uint64_t{*field};
  }
  template <typename T>
  Result<std::span<const T>> NextArray(uint64_t count) {
    RELINK_TRY_ASSIGN(const auto records, bytes_.Records<T>(at_, count));
    at_ += count * sizeof(T);
    return records;
  }
  Result<uint32_t> NextHalf() {
    RELINK_TRY_ASSIGN(const auto* field, bytes_.Record<U32<kOrder>>(at_));
    at_ += 4;
    return uint32_t{*field};
  }
  Result<void> Skip(uint64_t size) {
    RELINK_TRY(bytes_.Slice(at_, size));
    at_ += size;
    return {};
  }

 private:
  ByteView bytes_;
  uint64_t at_ = 0;
};

// struct read_format of <linux/perf_event.h>.
template <std::endian kOrder>
Result<void> SkipRead(uint64_t format, Cursor<kOrder>& in) {
  const auto has = [format](uint64_t bit) {
    return (format & bit) != 0 ? 1u : 0u;
  };
  const uint64_t times =
      has(kPerfFormatTotalTimeEnabled) + has(kPerfFormatTotalTimeRunning);
  const uint64_t value = 1 + has(kPerfFormatId) + has(kPerfFormatLost);
  if (has(kPerfFormatGroup) == 0) return in.Skip(8 * (times + value));
  RELINK_TRY_ASSIGN(const uint64_t count, in.Next());
  // A record has less than 64 KiB.
  if (count > UINT16_MAX) return in.Skip(UINT64_MAX);
  return in.Skip(8 * (times + count * value));
}

template <std::endian kOrder>
Result<void> ReadCallchain(Cursor<kOrder>& in,
                           std::vector<uint64_t>& callchain) {
  RELINK_TRY_ASSIGN(const uint64_t count, in.Next());
  RELINK_TRY_ASSIGN(const auto frames,
                    in.template NextArray<U64<kOrder>>(count));
  callchain.assign(frames.begin(), frames.end());
  return {};
}

template <std::endian kOrder>
Result<void> ReadBranches(const PerfEvent& event, Cursor<kOrder>& in,
                          std::vector<PerfTakenBranch>& branches) {
  RELINK_TRY_ASSIGN(const uint64_t count, in.Next());
  if ((event.branch_sample_type & kPerfBranchHwIndex) != 0) {
    RELINK_TRY(in.Skip(8));
  }
  RELINK_TRY_ASSIGN(const auto entries,
                    in.template NextArray<PerfBranch<kOrder>>(count));
  // These are calls that have not returned, and nothing that ran after another.
  if ((event.branch_sample_type & kPerfBranchCallStack) != 0) return {};
  constexpr int kMispredicted = kOrder == std::endian::little ? 0 : 63;
  branches.resize(entries.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    const PerfBranch<kOrder>& entry = entries[i];
    branches[i] = {entry.from, entry.to,
                   (entry.flags >> kMispredicted & 1) != 0};
  }
  return {};
}

}  // namespace

template <std::endian kOrder>
Result<void> ParseSample(const PerfEvent& event, uint16_t misc,
                         ByteView contents, PerfSample& sample) {
  const uint64_t type = event.sample_type;
  const auto has = [type](uint64_t bit) { return (type & bit) != 0; };
  Cursor<kOrder> in(contents);
  sample.mode = static_cast<CpuMode>(misc & kPerfMiscCpuMode);
  sample.pid = 0;
  sample.ip = 0;
  sample.period = event.period;
  sample.callchain.clear();
  sample.branches.clear();
  if (has(kPerfSampleIdentifier)) RELINK_TRY(in.Skip(8));
  if (has(kPerfSampleIp)) {
    RELINK_TRY_ASSIGN(sample.ip, in.Next());
  }
  if (has(kPerfSampleTid)) {
    RELINK_TRY_ASSIGN(sample.pid, in.NextHalf());
    RELINK_TRY(in.Skip(4));
  }
  for (const uint64_t bit : {kPerfSampleTime, kPerfSampleAddr, kPerfSampleId,
                             kPerfSampleStreamId, kPerfSampleCpu}) {
    if (has(bit)) RELINK_TRY(in.Skip(8));
  }
  if (has(kPerfSamplePeriod)) {
    RELINK_TRY_ASSIGN(sample.period, in.Next());
  }
  if (has(kPerfSampleRead)) RELINK_TRY(SkipRead(event.read_format, in));
  if (has(kPerfSampleCallchain)) {
    RELINK_TRY(ReadCallchain(in, sample.callchain));
  }
  if (has(kPerfSampleRaw)) {
    RELINK_TRY_ASSIGN(const uint32_t size, in.NextHalf());
    RELINK_TRY(in.Skip(size));
  }
  if (has(kPerfSampleBranchStack)) {
    RELINK_TRY(ReadBranches(event, in, sample.branches));
  }
  return {};
}

template Result<void> ParseSample<std::endian::little>(const PerfEvent&,
                                                       uint16_t, ByteView,
                                                       PerfSample&);
template Result<void> ParseSample<std::endian::big>(const PerfEvent&, uint16_t,
                                                    ByteView, PerfSample&);

}  // namespace relink::profiles
