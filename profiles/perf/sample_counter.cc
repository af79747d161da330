// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/sample_counter.h"

#include <algorithm>
#include <span>

#include "absl/strings/str_cat.h"
#include "profiles/perf/memory_name.h"

namespace relink::profiles {
namespace {

// Addresses whose place is remembered: a power of two.
constexpr size_t kRemembered = size_t{1} << 17;
constexpr int kRememberedShift = 64 - 17;
// The same of stacks, and how deep they may be.
constexpr size_t kRememberedStacks = size_t{1} << 14;
constexpr size_t kMaxRememberedDepth = 64;
constexpr size_t kMaxFiles = size_t{1} << 17;
// Of code that ran from one branch to the next: more is an error of the
// recording.
constexpr uint64_t kMaxRun = uint64_t{1} << 20;

// Fibonacci hashing: the upper bits are good.
uint64_t Mixed(uint64_t value) {
  value *= uint64_t{0x9e3779b97f4a7c15};
  return value ^ value >> 29;
}

}  // namespace

MappedFileId SampleCounter::AddFile(absl::string_view name,
                                    absl::string_view build_id) {
  const auto [it, added] =
      file_ids_.try_emplace(absl::StrCat(build_id, "\n", name));
  if (added) {
    it->second = files_.Add({.name = std::string(name),
                             .build_id = std::string(build_id),
                             .kind = KindOfMemory(name),
                             .module = {}});
  }
  return it->second;
}

void SampleCounter::SetBuildId(absl::string_view name,
                               absl::string_view build_id) {
  build_ids_[std::string(name)] = std::string(build_id);
}

void SampleCounter::Fork(uint32_t pid, uint32_t parent_pid, bool inherits) {
  address_spaces_.Fork(pid, parent_pid, inherits);
  moved_.Fork(pid, parent_pid, inherits);
}

void SampleCounter::Exec(uint32_t pid) {
  address_spaces_.Exec(pid);
  moved_.Exec(pid);
}

void SampleCounter::Exit(uint32_t pid) {
  address_spaces_.Exit(pid);
  moved_.Exit(pid);
}

absl::Status SampleCounter::CheckSize() const {
  if (address_spaces_.IsTooLarge()) {
    return absl::ResourceExhaustedError("too many processes or mappings");
  }
  if (files_.size() > kMaxFiles || build_ids_.size() > kMaxFiles) {
    return absl::ResourceExhaustedError("too many files");
  }
  return profile_.CheckSize();
}

Profile SampleCounter::Finish() {
  for (RememberedStack& stack : stacks_) Forget(stack);
  // Build-ids come last in a file.
  Profile profile;
  profile.Merge(profile_, {}, [this](const ModuleKey& key) {
    if (!key.build_id.empty()) return key;
    const auto found = build_ids_.find(key.path);
    if (found == build_ids_.end()) return key;
    return ModuleKey{.build_id = found->second, .path = key.path};
  });
  return profile;
}

SampleCounter::Found SampleCounter::Find(uint32_t pid, uint64_t version,
                                         uint64_t address) {
  if (remembered_.empty()) remembered_.resize(kRemembered);
  Remembered& slot =
      remembered_[Mixed(address ^ (version << 40)) >> kRememberedShift];
  if (slot.version != version || slot.address != address) {
    slot = {version, address, FindAnew(pid, address)};
  }
  return slot.found;
}

SampleCounter::Found SampleCounter::FindAnew(uint32_t pid, uint64_t address) {
  const AddressSpaces::Found mapped =
      address_spaces_.Find(pid, RuntimeAddr(address));
  if (!mapped.file.has_value()) return {};
  MappedFile& file = files_[mapped.file];
  if (!file.kind) return {PlaceIn(file, mapped.offset), {}};
  if (file.kind == Unattributed::kAnonymous) {
    const auto moved = moved_.Find(pid, RuntimeAddr(address));
    if (moved) {
      MappedFile& origin = files_[AddFile(moved->path, moved->build_id)];
      if (!origin.kind) return {PlaceIn(origin, moved->offset), {}};
    }
  }
  return {{}, *files_[mapped.file].kind};
}

PlaceId SampleCounter::PlaceIn(MappedFile& file, FileOffset offset) {
  if (!file.module.has_value()) {
    file.module =
        profile_.AddModule({.build_id = file.build_id, .path = file.name});
  }
  return profile_.AddPlace(Place::At(file.module, offset));
}

void SampleCounter::Add(const PerfSample& sample) {
  // What perf counts as one weighs something.
  const Count count = {1, std::max<uint64_t>(sample.period, 1)};
  const uint64_t version = address_spaces_.Version(sample.pid);
  Found leaf;
  switch (sample.mode) {
    case CpuMode::kKernel:
      leaf.kind = Unattributed::kKernel;
      break;
    case CpuMode::kHypervisor:
      leaf.kind = Unattributed::kHypervisor;
      break;
    case CpuMode::kGuestKernel:
    case CpuMode::kGuestUser:
      leaf.kind = Unattributed::kGuest;
      break;
    case CpuMode::kUser:
      leaf = Find(sample.pid, version, sample.ip);
      break;
    case CpuMode::kUnknown:
      break;
  }
  if (leaf.place.has_value()) {
    profile_.AddCount(leaf.place, count);
  } else {
    profile_.AddUnattributed(leaf.kind, count);
  }
  if (!sample.callchain.empty()) {
    AddCalls(sample, version, leaf.place, count);
  }
  if (!sample.branches.empty()) AddBranches(sample, version, count);
}

void SampleCounter::AddCalls(const PerfSample& sample, uint64_t version,
                             PlaceId leaf, const Count& count) {
  stack_.clear();
  bool user = sample.mode == CpuMode::kUser;
  for (const uint64_t address : sample.callchain) {
    if (address >= kPerfContextMax) {
      user = address == kPerfContextUser;
    } else if (user) {
      stack_.push_back(address);
    }
  }
  if (stack_.size() < 2) return;
  RememberedStack& callers = Callers(sample.pid, version);
  if (leaf.has_value()) {
    AddEdge(EdgeKind::kCall, callers.places[0], leaf, count);
  } else {
    AddEdge(EdgeKind::kOuterCall, callers.places[0],
            Find(sample.pid, version, stack_[0]).place, count);
  }
  callers.count += count;
  if (callers.places.size() > kMaxRememberedDepth) Forget(callers);
}

SampleCounter::RememberedStack& SampleCounter::Callers(uint32_t pid,
                                                       uint64_t version) {
  const std::span<const uint64_t> callers = std::span(stack_).subspan(1);
  if (stacks_.empty()) stacks_.resize(kRememberedStacks);
  uint64_t hash = version;
  for (const uint64_t address : callers) hash = Mixed(hash ^ address);
  RememberedStack& stack = stacks_[hash >> 32 & (kRememberedStacks - 1)];
  // Most samples of a program have been there before.
  if (stack.version == version &&
      std::equal(callers.begin(), callers.end(), stack.addresses.begin(),
                 stack.addresses.end())) {
    return stack;
  }
  Forget(stack);
  stack.version = version;
  stack.addresses.assign(callers.begin(), callers.end());
  // These are where calls return to, and the byte before is one of the call.
  for (const uint64_t address : callers) {
    stack.places.push_back(Find(pid, version, address - 1).place);
  }
  return stack;
}

void SampleCounter::Forget(RememberedStack& stack) {
  // Frames that belong to no module break the chain.
  for (size_t i = 1; i < stack.places.size() && stack.count != Count(); ++i) {
    AddEdge(EdgeKind::kOuterCall, stack.places[i], stack.places[i - 1],
            stack.count);
  }
  stack = {};
}

void SampleCounter::AddBranches(const PerfSample& sample, uint64_t version,
                                const Count& count) {
  PlaceId later_from;
  for (const PerfTakenBranch& branch : sample.branches) {
    const PlaceId from = Find(sample.pid, version, branch.from).place;
    const PlaceId to = Find(sample.pid, version, branch.to).place;
    AddEdge(EdgeKind::kBranch, from, to, count);
    if (branch.mispredicted) AddEdge(EdgeKind::kMispredicted, from, to, count);
    // What ran between this branch and the next one.
    if (to.has_value() && later_from.has_value()) {
      const Place& first = profile_.place(to);
      const Place& last = profile_.place(later_from);
      if (first.module == last.module && first.offset <= last.offset &&
          last.offset - first.offset < kMaxRun) {
        AddEdge(EdgeKind::kRun, to, later_from, count);
      }
    }
    later_from = from;
  }
}

void SampleCounter::AddEdge(EdgeKind kind, PlaceId from, PlaceId to,
                            const Count& count) {
  if (from.has_value() && to.has_value()) {
    profile_.AddEdge({kind, from, to}, count);
  }
}

}  // namespace relink::profiles
