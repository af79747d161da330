// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TESTING_PERF_DATA_BUILDER_H_
#define RELINK_PROFILES_TESTING_PERF_DATA_BUILDER_H_

#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "profiles/perf/perf_records.h"

namespace relink::profiles {

// For tests only: recordings as perf writes them, of either byte order.
//
//   PerfDataBuilder<std::endian::big> b;
//   b.Mmap({.pid = 1, .begin = 0x1000, .size = 0x1000, .name = "/bin/a"});
//   b.Sample({.pid = 1, .ip = 0x1004, .time = 5});
//   std::string file = b.File();
template <std::endian kOrder>
class PerfDataBuilder {
 public:
  // What samples of the first event have. All other events are alike, but for
  // their number, which is their config, too.
  static constexpr uint64_t kSampleType =
      kPerfSampleIdentifier | kPerfSampleIp | kPerfSampleTid | kPerfSampleTime |
      kPerfSamplePeriod | kPerfSampleCallchain;

  explicit PerfDataBuilder(uint64_t sample_type = kSampleType,
                           uint32_t event_count = 1)
      : sample_type_(sample_type), event_count_(event_count) {}

  struct Mapping {
    uint32_t pid = 0;
    uint64_t begin = 0;
    uint64_t size = 0;
    uint64_t file_offset = 0;
    std::string name = {};
    std::string build_id = {};
    uint64_t time = 0;
  };
  struct SampleFields {
    uint32_t pid = 0;
    uint64_t ip = 0;
    uint64_t time = 0;
    uint64_t period = 1;
    CpuMode mode = CpuMode::kUser;
    std::vector<uint64_t> callchain = {};
    std::vector<std::pair<uint64_t, uint64_t>> branches = {};
    uint32_t event = 0;
  };

  void Mmap(const Mapping& mapping);
  void Fork(uint32_t pid, uint32_t parent, uint64_t time);
  void Exec(uint32_t pid, uint64_t time);
  void Exit(uint32_t pid, uint64_t time);
  void Sample(const SampleFields& sample);
  void Lost(uint64_t count, uint64_t time);
  void FinishRound();
  // A record of any kind.
  void Record(uint32_t type, uint16_t misc, const std::string& contents);
  // In the table after the data.
  void BuildId(const std::string& name, const std::string& build_id);

  // What was added, as records and nothing else.
  const std::string& records() const { return records_; }

  std::string File() const { return FileWith(records_); }
  // As perf -z writes it.
  std::string CompressedFile() const;
  std::string Pipe() const;

 private:
  std::string FileWith(const std::string& data) const;
  std::string Attr(uint32_t number) const;
  // What each record but a sample ends with.
  std::string SampleId(uint32_t pid, uint64_t time) const;

  uint64_t sample_type_;
  uint32_t event_count_;
  std::string records_;
  std::string build_ids_;
};

extern template class PerfDataBuilder<std::endian::little>;
extern template class PerfDataBuilder<std::endian::big>;

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TESTING_PERF_DATA_BUILDER_H_
