// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/perf_ring.h"

#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace relink::tools {
namespace {

size_t PageSize() { return static_cast<size_t>(sysconf(_SC_PAGESIZE)); }

}  // namespace

absl::StatusOr<PerfRing> PerfRing::Map(int event, size_t data_size) {
  PerfRing ring;
  ring.event_ = event;
  for (size_t size = data_size; size >= PageSize(); size /= 2) {
    void* memory = mmap(nullptr, PageSize() + size, PROT_READ | PROT_WRITE,
                        MAP_SHARED, event, 0);
    if (memory != MAP_FAILED) {
      ring.memory_ = static_cast<perf_event_mmap_page*>(memory);
      ring.data_size_ = size;
      return ring;
    }
    // More than perf_event_mlock_kb and RLIMIT_MEMLOCK let this user have.
    if (errno != EPERM && errno != ENOMEM) break;
  }
  return absl::ResourceExhaustedError(absl::StrCat(
      "no memory for the records of the kernel: ", std::strerror(errno),
      "; see /proc/sys/kernel/perf_event_mlock_kb"));
}

PerfRing::~PerfRing() {
  if (memory_ != nullptr) munmap(memory_, PageSize() + data_size_);
  if (event_ >= 0) close(event_);
}

absl::Status PerfRing::Drain(
    absl::FunctionRef<absl::Status(ByteView record)> take) {
  const uint64_t head =
      std::atomic_ref(memory_->data_head).load(std::memory_order_acquire);
  uint64_t tail = memory_->data_tail;  // Only this side writes it.
  absl::Status status = absl::OkStatus();
  while (status.ok() && tail < head) {
    perf_event_header header;
    const ByteView start = RecordAt(tail, sizeof(header));
    std::memcpy(&header, start.data(), sizeof(header));
    if (header.size < sizeof(header) || header.size > head - tail) {
      return absl::InternalError(
          absl::StrCat("the kernel wrote a record of ", header.size, " bytes"));
    }
    status = take(RecordAt(tail, header.size));
    tail += header.size;
  }
  std::atomic_ref(memory_->data_tail).store(tail, std::memory_order_release);
  return status;
}

ByteView PerfRing::RecordAt(uint64_t position, size_t size) {
  const std::byte* data =
      reinterpret_cast<const std::byte*>(memory_) + PageSize();
  const size_t at = position & (data_size_ - 1);
  if (size <= data_size_ - at) return ByteView(data + at, size);
  record_.assign(data + at, data + data_size_);
  record_.insert(record_.end(), data, data + (size - (data_size_ - at)));
  return ByteView(record_.data(), record_.size());
}

}  // namespace relink::tools
