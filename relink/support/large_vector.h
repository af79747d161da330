// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_LARGE_VECTOR_H_
#define RELINK_SUPPORT_LARGE_VECTOR_H_

#include <cstddef>
#include <new>
#include <vector>

namespace relink {

// Memory for `size` bytes, of at least kLargePage, on huge pages where the
// system has them: a fault for each small page costs more than what is done
// with it. Throws std::bad_alloc.
inline constexpr size_t kLargePage = size_t{2} << 20;
void* AllocateLarge(size_t size);
void FreeLarge(void* memory);

template <typename T>
struct LargePageAllocator {
  using value_type = T;

  LargePageAllocator() = default;
  template <typename U>
  // NOLINTNEXTLINE(google-explicit-constructor): allocators convert.
  LargePageAllocator(const LargePageAllocator<U>& /*other*/) {}

  T* allocate(size_t count) {
    if (!IsLarge(count)) return std::allocator<T>().allocate(count);
    return static_cast<T*>(AllocateLarge(count * sizeof(T)));
  }
  void deallocate(T* memory, size_t count) {
    if (!IsLarge(count)) return std::allocator<T>().deallocate(memory, count);
    FreeLarge(memory);
  }

  friend bool operator==(LargePageAllocator, LargePageAllocator) {
    return true;
  }

 private:
  static bool IsLarge(size_t count) { return count >= kLargePage / sizeof(T); }
};

// For as many entries as a module has functions or symbols.
template <typename T>
using LargeVector = std::vector<T, LargePageAllocator<T>>;

}  // namespace relink

#endif  // RELINK_SUPPORT_LARGE_VECTOR_H_
