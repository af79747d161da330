// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/address_spaces.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace relink::profiles {
namespace {

constexpr uint64_t kMaxMappings = uint64_t{1} << 20;
constexpr size_t kMaxProcesses = size_t{1} << 18;
// Samples of a thread can come after its process is gone, but not long after.
constexpr size_t kMaxLeaving = 256;
// Mappings that are found without a search, for each 64 KiB of memory.
constexpr size_t kRecent = 1024;
constexpr int kNear = 16;
// Of Fibonacci hashing: 2^64 divided by it.
constexpr uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;

}  // namespace

std::shared_ptr<AddressSpaces::Mappings> AddressSpaces::NewMappings() {
  auto mappings = std::make_shared<Mappings>(mapping_count_);
  mappings->version = ++last_version_;
  return mappings;
}

AddressSpaces::Process& AddressSpaces::Get(uint32_t pid) {
  Process& process = processes_[pid];
  if (process.mappings == nullptr) process.mappings = NewMappings();
  return process;
}

AddressSpaces::Mappings& AddressSpaces::Changed(Process& process) {
  if (process.mappings.use_count() > 1) {
    auto copy = NewMappings();
    copy->by_start = process.mappings->by_start;
    *mapping_count_ += copy->by_start.size();
    process.mappings = std::move(copy);
  }
  process.mappings->version = ++last_version_;
  return *process.mappings;
}

bool AddressSpaces::IsTooLarge() const {
  return processes_.size() > kMaxProcesses || *mapping_count_ > kMaxMappings;
}

void AddressSpaces::Fork(uint32_t pid, uint32_t parent_pid, bool inherits) {
  if (pid == parent_pid) {
    ++Get(pid).threads;
    return;
  }
  // Not by reference: getting the child may move the parent.
  const std::shared_ptr<Mappings> parents = Get(parent_pid).mappings;
  Process& process = Get(pid);
  process.threads = 1;
  process.mappings = inherits ? parents : NewMappings();
}

void AddressSpaces::Exec(uint32_t pid) {
  Process& process = Get(pid);
  process.threads = 1;
  process.mappings = NewMappings();
}

void AddressSpaces::Exit(uint32_t pid) {
  const auto found = processes_.find(pid);
  if (found == processes_.end() || --found->second.threads > 0) return;
  if (found->second.is_leaving) return;
  found->second.is_leaving = true;
  leaving_.push_back(pid);
  if (leaving_.size() <= kMaxLeaving) return;
  const auto oldest = processes_.find(leaving_.front());
  leaving_.pop_front();
  if (oldest == processes_.end()) return;
  if (oldest->second.threads > 0) {
    oldest->second.is_leaving = false;  // Another one has its number now.
    return;
  }
  processes_.erase(oldest);
}

void AddressSpaces::Map(uint32_t pid, RuntimeRange memory, uint64_t file_offset,
                        MappedFileId file) {
  const uint64_t begin = memory.begin.value();
  // What wraps around ends at the end of memory.
  const uint64_t end = begin + std::min(memory.size, UINT64_MAX - begin);
  if (begin == end) return;
  MappingTable& mappings = Changed(Get(pid)).by_start;
  const size_t before = mappings.size();
  auto it = mappings.upper_bound(begin);
  if (it != mappings.begin()) --it;
  while (it != mappings.end() && it->first < end) {
    const uint64_t old_begin = it->first;
    const Mapping old = it->second;
    if (old.end <= begin) {
      ++it;
      continue;
    }
    if (old_begin < begin) {
      it->second.end = begin;
      ++it;
    } else {
      it = mappings.erase(it);
    }
    if (old.end > end) {
      it = mappings.emplace_hint(
          it, end,
          Mapping{old.end, old.file_offset + (end - old_begin), old.file});
      break;
    }
  }
  mappings.emplace(begin, Mapping{end, file_offset, file});
  *mapping_count_ += mappings.size() - before;
}

AddressSpaces::View AddressSpaces::ViewOf(uint32_t pid) {
  View view(*this);
  const auto process = processes_.find(pid);
  if (process != processes_.end()) {
    view.mappings_ = &process->second.mappings->by_start;
    view.version_ = process->second.mappings->version;
  }
  return view;
}

void AddressSpaces::View::Seek(uint64_t address) {
  size_ = 0;
  file_ = {};
  if (mappings_ == nullptr) return;
  std::vector<Recent>& table = spaces_->recent_;
  if (table.empty()) table.resize(kRecent);
  const uint64_t key = (address >> kNear ^ version_ << 40) * kGoldenRatio;
  Recent& recent = table[key >> 32 & (kRecent - 1)];
  if (recent.version != version_ || address < recent.begin ||
      address >= recent.mapping.end) {
    const auto next = mappings_->upper_bound(address);
    const auto last = next == mappings_->begin() ? next : std::prev(next);
    if (last != next && address < last->second.end) {
      recent = {version_, last->first, last->second};
    } else {
      // Between two, where garbage on the stack leads.
      recent.version = version_;
      recent.begin = last != next ? last->second.end : 0;
      recent.mapping = {next != mappings_->end() ? next->first : UINT64_MAX, 0,
                        MappedFileId()};
    }
  }
  begin_ = recent.begin;
  size_ = recent.mapping.end - begin_;
  file_offset_ = recent.mapping.file_offset;
  file_ = recent.mapping.file;
}

}  // namespace relink::profiles
