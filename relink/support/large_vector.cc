// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/large_vector.h"

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>

namespace relink {

void* AllocateLarge(size_t size) {
  const size_t rounded = (size + kLargePage - 1) / kLargePage * kLargePage;
  if (rounded < size) throw std::bad_alloc();
  void* memory = std::aligned_alloc(kLargePage, rounded);
  if (memory == nullptr) throw std::bad_alloc();
  madvise(memory, rounded, MADV_HUGEPAGE);  // A wish: it may fail.
  return memory;
}

void FreeLarge(void* memory) { std::free(memory); }

}  // namespace relink
