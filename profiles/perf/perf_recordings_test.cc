// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Real recordings: the counts are those of `perf report -F sample,dso`.

#include <map>
#include <memory>
#include <string>

#include "gtest/gtest.h"
#include "profiles/byte_stream.h"
#include "profiles/file_source.h"
#include "profiles/perf/perf_data_reader.h"
#include "testdata/testdata_path.h"

namespace relink::profiles {
namespace {

using Counts = std::map<std::string, uint64_t>;

// perf writes no build-ids into pipes and compressed files, unless told to.
// Samples by the last part of the file's path, or by what they are.
Counts CountsOf(const std::string& name, bool has_build_ids) {
  const std::string path = TestdataPath("profiles/" + name);
  auto source = OpenFile(path);
  EXPECT_TRUE(source.ok()) << source.status();
  const auto profile = ReadPerfData(ByteStream(path, *std::move(source)), {});
  EXPECT_TRUE(profile.ok()) << profile.status();
  Counts counts;
  for (uint32_t i = 0; i < profile->modules().size(); ++i) {
    const ModuleKey& key = profile->module(ModuleId(i));
    EXPECT_EQ(key.build_id.size(), has_build_ids ? 20u : 0u) << key.path;
    const uint64_t samples = profile->TotalOf(ModuleId(i)).samples;
    if (samples == 0) continue;
    counts[key.path.substr(key.path.rfind('/') + 1)] += samples;
  }
  for (int i = 0; i < kUnattributedKinds; ++i) {
    const auto kind = static_cast<Unattributed>(i);
    const uint64_t samples = profile->unattributed(kind).samples;
    if (samples != 0) counts[FrameName(kind)] = samples;
  }
  return counts;
}

TEST(PerfRecordings, CountAsPerfReportDoesInAFile) {
  EXPECT_EQ(CountsOf("seed_perf_file.data", true),
            (Counts{{"[kernel]", 2},
                    {"ld-linux-x86-64.so.2", 1},
                    {"libc.so.6", 1},
                    {"w", 24}}));
}

TEST(PerfRecordings, CountAsPerfReportDoesInACompressedFile) {
  EXPECT_EQ(CountsOf("seed_perf_compressed.data", false),
            (Counts{{"ld-linux-x86-64.so.2", 4}, {"libc.so.6", 5}, {"w", 20}}));
}

TEST(PerfRecordings, CountAsPerfReportDoesInAPipe) {
  EXPECT_EQ(CountsOf("seed_perf_pipe.data", false),
            (Counts{{"[kernel]", 5}, {"libc.so.6", 5}, {"w", 12}}));
}

TEST(PerfRecordings, CountAsPerfReportDoesOfSeveralProcesses) {
  EXPECT_EQ(CountsOf("seed_perf_processes.data", true),
            (Counts{{"[kernel]", 11},
                    {"dash", 1},
                    {"ld-linux-x86-64.so.2", 5},
                    {"libc.so.6", 1},
                    {"w", 10}}));
}

}  // namespace
}  // namespace relink::profiles
