// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/sample_counter.h"

#include <algorithm>
#include <span>

#include "absl/strings/str_cat.h"
#include "profiles/perf/memory_name.h"

namespace relink::profiles {
namespace {

// What is remembered of each: powers of two.
constexpr size_t kPlaces = size_t{1} << 16;
constexpr size_t kAddresses = size_t{1} << 16;
constexpr size_t kBranches = size_t{1} << 15;
constexpr size_t kStacks = size_t{1} << 14;
// How deep stacks may be.
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

// The entry for a hash, of a table that is made when it is used first.
template <typename Table>
auto& Slot(Table& table, size_t size, uint64_t hash) {
  if (table.empty()) table.resize(size);
  return table[hash >> 32 & (size - 1)];
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
  process_.reset();
  address_spaces_.Fork(pid, parent_pid, inherits);
  moved_.Fork(pid, parent_pid, inherits);
}

void SampleCounter::Exec(uint32_t pid) {
  process_.reset();
  address_spaces_.Exec(pid);
  moved_.Exec(pid);
}

void SampleCounter::Exit(uint32_t pid) {
  process_.reset();
  address_spaces_.Exit(pid);
  moved_.Exit(pid);
}

void SampleCounter::Map(uint32_t pid, RuntimeRange memory, uint64_t file_offset,
                        MappedFileId file) {
  process_.reset();
  address_spaces_.Map(pid, memory, file_offset, file);
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
  for (RememberedBranch& branch : branches_) Forget(branch);
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

SampleCounter::Found SampleCounter::Find(Process& process, uint64_t address) {
  const AddressSpaces::Found mapped = process.mapped.Find(RuntimeAddr(address));
  if (!mapped.file.has_value()) return {};
  const MappedFile& file = files_[mapped.file];
  if (!file.kind) return {PlaceIn(mapped.file, mapped.offset), {}};
  if (file.kind == Unattributed::kAnonymous && !moved_.empty()) {
    const uint64_t version = process.mapped.version();
    RememberedAddress& slot =
        Slot(addresses_, kAddresses, Mixed(address ^ (version << 40)));
    if (slot.version != version || slot.address != address) {
      slot = {version, address, FindMoved(process, address)};
    }
    return slot.found;
  }
  return {{}, *file.kind};
}

SampleCounter::Found SampleCounter::FindMoved(const Process& process,
                                              uint64_t address) {
  const auto moved = moved_.Find(process.pid, RuntimeAddr(address));
  if (moved) {
    const MappedFileId origin = AddFile(moved->path, moved->build_id);
    if (!files_[origin].kind) return {PlaceIn(origin, moved->offset), {}};
  }
  return {{}, Unattributed::kAnonymous};
}

PlaceId SampleCounter::PlaceIn(MappedFileId file_id, FileOffset offset) {
  const uint64_t number = uint64_t{file_id.index()} << 44;
  RememberedPlace& slot =
      Slot(places_, kPlaces, Mixed(offset.value() ^ number));
  if (slot.file == file_id && slot.offset == offset.value()) return slot.place;
  MappedFile& file = files_[file_id];
  if (!file.module.has_value()) {
    file.module =
        profile_.AddModule({.build_id = file.build_id, .path = file.name});
  }
  const PlaceId place = profile_.AddPlace(Place::At(file.module, offset));
  slot = {offset.value(), file_id, place};
  return place;
}

void SampleCounter::Add(const PerfSample& sample) {
  // What perf counts as one weighs something.
  const Count count = {1, std::max<uint64_t>(sample.period, 1)};
  if (!process_ || process_->pid != sample.pid) {
    process_ = {sample.pid, address_spaces_.ViewOf(sample.pid)};
  }
  Process& process = *process_;
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
      leaf = Find(process, sample.ip);
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
    AddCalls(sample, process, leaf.place, count);
  }
  if (!sample.branches.empty()) AddBranches(sample, process, count);
}

void SampleCounter::AddCalls(const PerfSample& sample, Process& process,
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
  RememberedStack& callers = Callers(process);
  if (leaf.has_value()) {
    AddEdge(EdgeKind::kCall, callers.places[0], leaf, count);
  } else {
    AddEdge(EdgeKind::kOuterCall, callers.places[0],
            Find(process, stack_[0]).place, count);
  }
  callers.count += count;
  if (callers.places.size() > kMaxRememberedDepth) Forget(callers);
}

SampleCounter::RememberedStack& SampleCounter::Callers(Process& process) {
  const uint64_t version = process.mapped.version();
  const std::span<const uint64_t> callers = std::span(stack_).subspan(1);
  uint64_t hash = version;
  for (const uint64_t address : callers) hash = Mixed(hash ^ address);
  RememberedStack& stack = Slot(stacks_, kStacks, hash);
  // Most samples of a program have been there before.
  if (stack.version == version &&
      std::equal(callers.begin(), callers.end(), stack.addresses.begin(),
                 stack.addresses.end())) {
    return stack;
  }
  Forget(stack);
  stack.version = version;
  stack.addresses.assign(callers.begin(), callers.end());
  stack.places.reserve(callers.size());
  // These are where calls return to, and the byte before is one of the call.
  for (const uint64_t address : callers) {
    stack.places.push_back(Find(process, address - 1).place);
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

void SampleCounter::AddBranches(const PerfSample& sample, Process& process,
                                const Count& count) {
  // The last one comes first.
  const PerfTakenBranch* next = nullptr;
  for (const PerfTakenBranch& branch : sample.branches) {
    if (!AddBranchInFile(branch, next, process, count)) {
      const PlaceId from = Find(process, branch.from).place;
      const PlaceId to = Find(process, branch.to).place;
      AddEdge(EdgeKind::kBranch, from, to, count);
      if (branch.mispredicted) {
        AddEdge(EdgeKind::kMispredicted, from, to, count);
      }
      if (next != nullptr) AddRun(to, Find(process, next->from).place, count);
    }
    next = &branch;
  }
}

bool SampleCounter::AddBranchInFile(const PerfTakenBranch& branch,
                                    const PerfTakenBranch* next,
                                    Process& process, const Count& count) {
  const auto from = process.mapped.Find(RuntimeAddr(branch.from));
  const auto to = process.mapped.Find(RuntimeAddr(branch.to));
  if (!from.file.has_value() || from.file != to.file ||
      files_[from.file].kind.has_value()) {
    return false;
  }
  uint64_t next_from = kNoNext;
  if (next != nullptr) {
    const auto found = process.mapped.Find(RuntimeAddr(next->from));
    if (found.file != from.file) return false;
    next_from = found.offset.value();
  }
  uint64_t hash = from.offset.value() ^ uint64_t { from.file.index() } << 44;
  hash = Mixed(Mixed(hash) ^ to.offset.value());
  RememberedBranch& slot = Slot(branches_, kBranches, Mixed(hash ^ next_from));
  if (slot.file != from.file || slot.from != from.offset.value() ||
      slot.to != to.offset.value() || slot.next_from != next_from) {
    Forget(slot);
    slot = {.from = from.offset.value(),
            .to = to.offset.value(),
            .next_from = next_from,
            .file = from.file,
            .count = {},
            .mispredicted = {}};
  }
  slot.count += count;
  if (branch.mispredicted) slot.mispredicted += count;
  return true;
}

void SampleCounter::Forget(RememberedBranch& branch) {
  if (branch.count == Count()) return;
  const PlaceId from = PlaceIn(branch.file, FileOffset(branch.from));
  const PlaceId to = PlaceIn(branch.file, FileOffset(branch.to));
  AddEdge(EdgeKind::kBranch, from, to, branch.count);
  if (branch.mispredicted != Count()) {
    AddEdge(EdgeKind::kMispredicted, from, to, branch.mispredicted);
  }
  if (branch.next_from != kNoNext) {
    AddRun(to, PlaceIn(branch.file, FileOffset(branch.next_from)),
           branch.count);
  }
}

void SampleCounter::AddRun(PlaceId first_id, PlaceId last_id,
                           const Count& count) {
  if (!first_id.has_value() || !last_id.has_value()) return;
  const Place& first = profile_.place(first_id);
  const Place& last = profile_.place(last_id);
  if (first.module == last.module && first.offset <= last.offset &&
      last.offset - first.offset < kMaxRun) {
    AddEdge(EdgeKind::kRun, first_id, last_id, count);
  }
}

void SampleCounter::AddEdge(EdgeKind kind, PlaceId from, PlaceId to,
                            const Count& count) {
  if (from.has_value() && to.has_value()) {
    profile_.AddEdge({kind, from, to}, count);
  }
}

}  // namespace relink::profiles
