// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: profile_benchmark [MEBIBYTES]
// Writes recordings of that size (default: 64), as perf does on a machine with
// four busy processors, and says how fast they are read, in processor time, the
// fastest of five times, and in how much memory.

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bit>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "profiles/byte_stream.h"
#include "profiles/file_source.h"
#include "profiles/formats.h"
#include "profiles/perf/perf_records.h"
#include "profiles/testing/perf_data_builder.h"

namespace relink::profiles {
namespace {

using Builder = PerfDataBuilder<std::endian::little>;

struct Case {
  const char* name;
  size_t depth;     // Of stacks; 0: none.
  size_t branches;  // Of branch stacks.
  uint64_t sample_type;
};
constexpr uint64_t kPlain =
    Builder::kSampleType & ~uint64_t{kPerfSampleCallchain};
constexpr Case kCases[] = {
    {"addresses", 0, 0, kPlain},
    {"stacks of 16", 16, 0, Builder::kSampleType},
    {"16 branches", 0, 16, kPlain | kPerfSampleBranchStack},
};

constexpr int kRepetitions = 5;

constexpr uint32_t kProcesses = 16;
// The other processes are their children.
constexpr uint32_t kPrograms = 4;
constexpr uint32_t kFiles = 40;
constexpr uint64_t kFileSize = uint64_t{1} << 20;
constexpr uint64_t kFirstAddress = uint64_t{0x7f} << 40;
// So many different addresses of code run, and stacks lead there.
constexpr uint64_t kAddresses = 20000;
constexpr size_t kStacks = 2000;

uint64_t AddressOf(uint64_t number) {
  const uint64_t file = number % kFiles;
  return kFirstAddress + file * kFileSize + number / kFiles * 24;
}

// Rounds of the buffers of four processors, one after the other.
class Recorder {
 public:
  explicit Recorder(const Case& c) : case_(c) {
    for (size_t i = 0; i < kStacks; ++i) {
      std::vector<uint64_t>& stack = stacks_.emplace_back();
      for (size_t j = 0; j < case_.depth; ++j) {
        stack.push_back(AddressOf(random_() % (kAddresses / 4)));
      }
    }
  }

  void Write(const std::string& path, uint64_t size) {
    std::ofstream out(path, std::ios::binary);
    Builder head(case_.sample_type);
    for (uint32_t pid = 1; pid <= kPrograms; ++pid) {
      for (uint32_t file = 0; file < kFiles; ++file) {
        head.Mmap({.pid = pid,
                   .begin = kFirstAddress + file * kFileSize,
                   .size = kFileSize,
                   .name = absl::StrCat("/usr/lib/lib", file, ".so")});
      }
    }
    for (uint32_t pid = kPrograms + 1; pid <= kProcesses; ++pid) {
      head.Fork(pid, pid % kPrograms + 1, 1);
    }
    // As of a recorder that was killed: the size is not known before.
    std::string first = head.File();
    for (size_t i = 48; i < 56; ++i) first[i] = '\0';
    out << first;
    for (uint64_t written = first.size(); written < size;) {
      Builder round(case_.sample_type);
      for (int cpu = 0; cpu < 4; ++cpu) AddBuffer(round);
      round.FinishRound();
      time_ += kRoundTime;
      out << round.records();
      written += round.records().size();
    }
  }

 private:
  static constexpr uint64_t kRoundTime = 1000000;
  static constexpr uint64_t kSamples = 1000;

  void AddBuffer(Builder& round) {
    for (uint64_t i = 0; i < kSamples; ++i) {
      Builder::SampleFields sample;
      sample.pid = static_cast<uint32_t>(1 + random_() % kProcesses);
      const uint64_t number = random_() % kStacks;
      // A stack leads to one function.
      sample.ip = AddressOf(number * 10 + random_() % 10);
      sample.time = time_ + i * (kRoundTime / kSamples) + random_() % 100;
      sample.period = 1000 + random_() % 1000;
      if (case_.depth != 0) {
        const std::vector<uint64_t>& stack = stacks_[number];
        sample.callchain = {kPerfContextUser, sample.ip};
        sample.callchain.insert(sample.callchain.end(), stack.begin(),
                                stack.end());
      }
      const uint64_t first = random_() % kAddresses;
      for (uint64_t j = 0; j < case_.branches; ++j) {
        sample.branches.emplace_back(
            AddressOf((first + j * kFiles) % kAddresses),
            AddressOf((first + (j + 2) * kFiles) % kAddresses));
      }
      round.Sample(sample);
    }
  }

  const Case& case_;
  std::mt19937 random_{1};
  std::vector<std::vector<uint64_t>> stacks_;
  uint64_t time_ = 1000;
};

struct Cost {
  double seconds;
  int64_t mebibytes;  // Of memory.
};

// In a process of its own, whose memory is that of reading.
std::optional<Cost> Read(const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    auto source = OpenFile(path);
    if (!source.ok()) _exit(1);
    const auto profile = ReadProfile(ByteStream(path, *std::move(source)));
    if (!profile.ok()) std::cerr << profile.status() << '\n';
    _exit(profile.ok() && profile->Attributed().samples != 0 ? 0 : 1);
  }
  int status = 0;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child || status != 0) {
    return std::nullopt;
  }
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) +
           1e-6 * static_cast<double>(t.tv_usec);
  };
  return Cost{seconds(usage.ru_utime) + seconds(usage.ru_stime),
              usage.ru_maxrss / 1024};
}

bool Measure(const Case& c, const std::string& path, uint64_t mebibytes) {
  std::optional<Cost> best;
  for (int i = 0; i < kRepetitions; ++i) {
    const std::optional<Cost> cost = Read(path);
    if (!cost) return false;
    if (!best || cost->seconds < best->seconds) best = cost;
  }
  absl::PrintF("| %s | %d | %.2f | %.0f | %d |\n", c.name, mebibytes,
               best->seconds, static_cast<double>(mebibytes) / best->seconds,
               best->mebibytes);
  std::fflush(stdout);
  return true;
}

int Run(uint64_t mebibytes) {
  const char* folder = std::getenv("TMPDIR");
  const std::string path =
      absl::StrCat(folder != nullptr ? folder : "/tmp", "/profile_benchmark.",
                   getpid(), ".data");
  absl::PrintF(
      "| recording of | MiB | seconds | MiB/s | MiB of memory |\n"
      "|---|---:|---:|---:|---:|\n");
  bool ok = true;
  for (const Case& c : kCases) {
    Recorder(c).Write(path, mebibytes << 20);
    std::fflush(stdout);
    ok = Measure(c, path, mebibytes) && ok;
  }
  std::remove(path.c_str());
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace relink::profiles

int main(int argc, char** argv) {
  uint64_t mebibytes = 64;
  if (argc > 2 || (argc == 2 && !absl::SimpleAtoi(argv[1], &mebibytes))) {
    std::cerr << "usage: profile_benchmark [MEBIBYTES]\n";
    return 2;
  }
  return relink::profiles::Run(mebibytes);
}
