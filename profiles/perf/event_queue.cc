// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/event_queue.h"

#include <algorithm>
#include <cstring>

#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// Before each record: its size.
constexpr size_t kPrefix = sizeof(uint32_t);

}  // namespace

absl::Status EventQueue::Add(uint64_t time, ByteView record, Deliver deliver) {
  if (live_blocks_ * kBlockSize + entries_.size() * sizeof(Entry) >= kMaxSize) {
    SortByTime();
    RETURN_IF_ERROR(DeliverUntil(entries_[entries_.size() / 2].time, deliver));
  }
  const auto size = static_cast<uint32_t>(record.size());
  if (current_ == UINT32_MAX ||
      blocks_[current_].used + kPrefix + size > kBlockSize) {
    const uint32_t full = current_;
    if (free_blocks_.empty()) {
      free_blocks_.push_back(static_cast<uint32_t>(blocks_.size()));
      blocks_.emplace_back();
    }
    current_ = free_blocks_.back();
    free_blocks_.pop_back();
    if (blocks_[current_].bytes == nullptr) {
      blocks_[current_].bytes =
          std::make_unique_for_overwrite<std::byte[]>(kBlockSize);
    }
    ++live_blocks_;
    if (full != UINT32_MAX && blocks_[full].records == 0) Release(full);
  }
  Block& block = blocks_[current_];
  entries_.push_back({time, current_, static_cast<uint32_t>(block.used)});
  std::memcpy(&block.bytes[block.used], &size, kPrefix);
  std::memcpy(&block.bytes[block.used + kPrefix], record.data(), size);
  block.used += kPrefix + size;
  ++block.records;
  latest_ = std::max(latest_, time);
  return absl::OkStatus();
}

absl::Status EventQueue::EndRound(Deliver deliver) {
  const uint64_t limit = round_limit_;
  round_limit_ = latest_;
  return DeliverUntil(limit, deliver);
}

absl::Status EventQueue::Finish(Deliver deliver) {
  return DeliverUntil(UINT64_MAX, deliver);
}

absl::Status EventQueue::DeliverUntil(uint64_t limit, Deliver deliver) {
  SortByTime();
  size_t done = 0;
  absl::Status status;
  for (; done < entries_.size() && status.ok(); ++done) {
    const Entry& entry = entries_[done];
    if (entry.time > limit) break;
    Block& block = blocks_[entry.block];
    uint32_t size;
    std::memcpy(&size, &block.bytes[entry.offset], kPrefix);
    status = deliver(ByteView(&block.bytes[entry.offset + kPrefix], size));
    if (--block.records == 0 && entry.block != current_) Release(entry.block);
  }
  entries_.erase(entries_.begin(),
                 entries_.begin() + static_cast<ptrdiff_t>(done));
  if (current_ != UINT32_MAX && blocks_[current_].records == 0) {
    blocks_[current_].used = 0;
  }
  return status;
}

void EventQueue::SortByTime() {
  const auto earlier = [](const Entry& a, const Entry& b) {
    return a.time < b.time;
  };
  // One processor's records are in order, so that these are few runs, which are
  // merged two by two. Of records of the same time the first stays the first.
  const size_t size = entries_.size();
  runs_.assign(1, 0);
  for (size_t i = 1; i < size; ++i) {
    if (earlier(entries_[i], entries_[i - 1])) runs_.push_back(i);
  }
  while (runs_.size() > 1) {
    merged_.resize(size);
    const auto position = [&](size_t run) {
      return entries_.begin() +
             static_cast<ptrdiff_t>(run < runs_.size() ? runs_[run] : size);
    };
    auto out = merged_.begin();
    for (size_t run = 0; run < runs_.size(); run += 2) {
      const auto middle = position(run + 1);
      out = std::merge(position(run), middle, middle, position(run + 2), out,
                       earlier);
      runs_[run / 2] = runs_[run];
    }
    runs_.resize((runs_.size() + 1) / 2);
    entries_.swap(merged_);
  }
}

void EventQueue::Release(uint32_t number) {
  blocks_[number].used = 0;
  free_blocks_.push_back(number);
  --live_blocks_;
}

}  // namespace relink::profiles
