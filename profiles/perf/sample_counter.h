// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_SAMPLE_COUNTER_H_
#define RELINK_PROFILES_PERF_SAMPLE_COUNTER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "profiles/perf/address_spaces.h"
#include "profiles/perf/moved_code.h"
#include "profiles/perf/perf_sample.h"
#include "profiles/profile.h"
#include "relink/support/address.h"
#include "relink/support/id.h"
#include "relink/support/large_vector.h"

namespace relink::profiles {

// Makes a profile of samples in the order of time, with what processes have
// mapped at that moment.
class SampleCounter {
 public:
  // `moved_folder` is ReadOptions::moved.
  explicit SampleCounter(std::string moved_folder)
      : moved_(std::move(moved_folder)) {}

  // What processes do, as AddressSpaces has it.
  void Fork(uint32_t pid, uint32_t parent_pid, bool inherits);
  void Exec(uint32_t pid);
  void Exit(uint32_t pid);
  void Map(uint32_t pid, RuntimeRange memory, uint64_t file_offset,
           MappedFileId file);

  // A file, or what the kernel calls memory without one, as a mapping names it.
  // `build_id` may be empty.
  MappedFileId AddFile(absl::string_view name, absl::string_view build_id);

  void Add(const PerfSample& sample);
  void AddUnattributed(Unattributed kind, const Count& count) {
    profile_.AddUnattributed(kind, count);
  }
  void AddSource(const Source& source, const Count& count) {
    profile_.AddSource(source, count);
  }
  // The build-id of a file for which no mapping says one.
  void SetBuildId(absl::string_view name, absl::string_view build_id);

  // What was counted, but for the last calls, branches and build-ids.
  const Profile& so_far() const { return profile_; }
  // ResourceExhausted if the recording makes more of it than any real one.
  absl::Status CheckSize() const;
  Profile Finish();

 private:
  struct MappedFile {
    std::string name;
    std::string build_id;
    // Why its samples belong to no module, if they do not.
    std::optional<Unattributed> kind;
    ModuleId module;  // Once there is a sample of it.
  };
  // Where a sample belongs: a place, or what it is instead.
  struct Found {
    PlaceId place;
    Unattributed kind = Unattributed::kUnknown;
  };
  // A process at the moment of a sample.
  struct Process {
    uint32_t pid;
    AddressSpaces::View mapped;
  };
  struct RememberedPlace {
    uint64_t offset = 0;
    MappedFileId file;
    PlaceId place;
  };
  // What was found for an address in memory without a file, as long as the
  // mappings are what they were.
  struct RememberedAddress {
    uint64_t version = 0;
    uint64_t address = 0;
    Found found;
  };
  // A branch and the one that was taken next, by their offsets in one file, and
  // how often.
  struct alignas(64) RememberedBranch {
    uint64_t from = 0;
    uint64_t to = 0;
    uint64_t next_from = 0;  // kNoNext if that is not known.
    MappedFileId file;
    Count count;
    Count mispredicted;
  };
  static constexpr uint64_t kNoNext = UINT64_MAX;

  // Calls that were on the stack together, and how often.
  struct RememberedStack {
    uint64_t version = 0;
    std::vector<uint64_t> addresses;
    std::vector<PlaceId> places;  // Of the calls.
    Count count;
  };

  Found Find(Process& process, uint64_t address);
  Found FindMoved(const Process& process, uint64_t address);
  PlaceId PlaceIn(MappedFileId file_id, FileOffset offset);
  void AddCalls(const PerfSample& sample, Process& process, PlaceId leaf,
                const Count& count);
  void AddBranches(const PerfSample& sample, Process& process,
                   const Count& count);
  // False if they are not in one file.
  bool AddBranchInFile(const PerfTakenBranch& branch,
                       const PerfTakenBranch* next, Process& process,
                       const Count& count);
  // The frames in `stack_` from the first caller on.
  RememberedStack& Callers(Process& process);
  // These add what was counted to the profile.
  void Forget(RememberedStack& stack);
  void Forget(RememberedBranch& branch);
  void AddEdge(EdgeKind kind, PlaceId from, PlaceId to, const Count& count);
  // Code that ran from one branch to the next.
  void AddRun(PlaceId first, PlaceId last, const Count& count);

  AddressSpaces address_spaces_;
  MovedCode moved_;
  Profile profile_;
  Table<MappedFileId, MappedFile> files_;
  absl::flat_hash_map<std::string, MappedFileId> file_ids_;
  absl::flat_hash_map<std::string, std::string> build_ids_;  // By name.
  std::optional<Process> process_;  // Of the last sample, if nothing changed.
  // By a hash, each in the place of what was there before.
  std::vector<RememberedPlace> places_;
  std::vector<RememberedAddress> addresses_;
  std::vector<RememberedStack> stacks_;
  LargeVector<RememberedBranch> branches_;
  std::vector<uint64_t> stack_;  // Of the sample at hand, in user space.
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_SAMPLE_COUNTER_H_
