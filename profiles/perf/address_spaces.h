// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_ADDRESS_SPACES_H_
#define RELINK_PROFILES_PERF_ADDRESS_SPACES_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink::profiles {

using MappedFileId = Id<struct MappedFileTag>;

// What lies from its key in `MappingTable` on.
struct Mapping {
  uint64_t end;
  uint64_t file_offset;  // Of the first byte.
  MappedFileId file;
};
using MappingTable = std::map<uint64_t, Mapping>;

// What processes have mapped, as a recording tells it, event after event in the
// order of time. Processes that are gone are forgotten after a while.
class AddressSpaces {
 public:
  // A process of that number begins, with what its parent has, unless it is one
  // that runs something else from the start; or a thread of it does.
  void Fork(uint32_t pid, uint32_t parent_pid, bool inherits);
  void Exec(uint32_t pid);
  // A thread ends.
  void Exit(uint32_t pid);
  // Takes the place of what was there.
  void Map(uint32_t pid, RuntimeRange memory, uint64_t file_offset,
           MappedFileId file);

  // More than any machine has: asked after each change.
  bool IsTooLarge() const;

  struct Found {
    MappedFileId file;  // None if nothing is there.
    FileOffset offset;
  };

  // What one process has mapped, until the next change of anything.
  class View {
   public:
    // Changes whenever what the process has mapped does; the same for two of
    // them only if they have mapped the same.
    uint64_t version() const { return version_; }
    // Fastest for addresses in the mapping that the last one was in, as those
    // of one stack or of branches often are.
    Found Find(RuntimeAddr address) {
      if (address.value() - begin_ >= size_) Seek(address.value());
      return {file_, FileOffset(file_offset_ + (address.value() - begin_))};
    }

   private:
    friend class AddressSpaces;
    explicit View(AddressSpaces& spaces) : spaces_(&spaces) {}
    void Seek(uint64_t address);

    AddressSpaces* spaces_;
    const MappingTable* mappings_ = nullptr;
    uint64_t version_ = 0;
    // The last mapping.
    uint64_t begin_ = 0;
    uint64_t size_ = 0;
    uint64_t file_offset_ = 0;
    MappedFileId file_;
  };
  View ViewOf(uint32_t pid);

  Found Find(uint32_t pid, RuntimeAddr address) {
    return ViewOf(pid).Find(address);
  }
  uint64_t Version(uint32_t pid) { return ViewOf(pid).version(); }

 private:
  // A mapping that was found for an address near by, or, without a file, what
  // is between two.
  struct Recent {
    uint64_t version = 0;
    uint64_t begin;
    Mapping mapping;
  };
  // Counted as long as they are there.
  struct Mappings {
    explicit Mappings(std::shared_ptr<uint64_t> count)
        : total(std::move(count)) {}
    Mappings(const Mappings& other) = delete;
    Mappings& operator=(const Mappings&) = delete;
    ~Mappings() { *total -= by_start.size(); }

    uint64_t version = 0;
    MappingTable by_start;
    std::shared_ptr<uint64_t> total;
  };
  struct Process {
    std::shared_ptr<Mappings> mappings;  // Shared until one of them changes.
    int64_t threads = 1;
    bool is_leaving = false;  // In `leaving_`.
  };

  Process& Get(uint32_t pid);
  std::shared_ptr<Mappings> NewMappings();
  Mappings& Changed(Process& process);

  absl::flat_hash_map<uint32_t, Process> processes_;
  std::deque<uint32_t> leaving_;  // Without threads, the first to leave first.
  uint64_t last_version_ = 0;
  std::vector<Recent> recent_;  // By a hash.
  // Of all processes; outlives what subtracts from it.
  std::shared_ptr<uint64_t> mapping_count_ = std::make_shared<uint64_t>(0);
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_ADDRESS_SPACES_H_
