// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/planning_heap.h"

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

namespace relink {
namespace {

// glibc's malloc has no call that gives it memory. What it has not got it maps,
// M_TOP_PAD more than is asked for, and cuts from that, its top, everything
// below M_MMAP_THRESHOLD. Nothing of it is taken before it is touched.
constexpr int kRegion = 256 << 20;
constexpr int kMaxThreshold = 32 << 20;  // The largest that it knows.
// Tables that are larger are maps of a module's code with little in them: of
// their base pages few are ever touched.
constexpr int kThreshold = 1 << 20;
// More than the top that a start leaves.
constexpr size_t kFirstBlock = size_t{4} << 20;

constexpr int kUsualPad = 128 << 10;
constexpr int kUsualThreshold = 128 << 10;

// Less than malloc keeps for itself in any block.
constexpr size_t kSlack = 256;

size_t SizeOfTop() { return mallinfo2().keepcost; }

// Of the whole pages in [`begin`, `begin + size`).
void Advise(void* begin, size_t size, int advice) {
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const uintptr_t from =
      (reinterpret_cast<uintptr_t>(begin) + page - 1) & ~(page - 1);
  const uintptr_t to =
      (reinterpret_cast<uintptr_t>(begin) + size) & ~(page - 1);
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, advice);
}

}  // namespace

PlanningHeap::PlanningHeap() {
  mallopt(M_MMAP_THRESHOLD, kMaxThreshold);
  mallopt(M_TOP_PAD, kRegion);
  const size_t top_before = SizeOfTop();
  void* first = malloc(kFirstBlock);
  mallopt(M_TOP_PAD, kUsualPad);
  // Else it was free before, in memory that is advised.
  if (first != nullptr && SizeOfTop() != top_before) {
    Advise(first, malloc_usable_size(first) + SizeOfTop(), MADV_HUGEPAGE);
  }
  free(first);
  mallopt(M_MMAP_THRESHOLD, kThreshold);
}

PlanningHeap::~PlanningHeap() {
  malloc_trim(0);
  // It keeps its top unless that is the end of brk(2)'s memory.
  mallopt(M_MMAP_THRESHOLD, kMaxThreshold);
  if (const size_t top = SizeOfTop(); top > kSlack) {
    const size_t size = top - kSlack;
    void* block = malloc(size);
    if (block != nullptr) Advise(block, size, MADV_DONTNEED);
    free(block);
  }
  mallopt(M_MMAP_THRESHOLD, kUsualThreshold);
}

}  // namespace relink
