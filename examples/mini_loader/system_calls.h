// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EXAMPLES_MINI_LOADER_SYSTEM_CALLS_H_
#define RELINK_EXAMPLES_MINI_LOADER_SYSTEM_CALLS_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace relink {

// psABI x86-64, A.2.1.
inline int64_t SystemCall(int64_t number, int64_t a, int64_t b = 0,
                          int64_t c = 0, int64_t d = 0) {
  register int64_t r10 __asm__("r10") = d;
  int64_t result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                   : "rcx", "r11", "memory");
  return result;
}

// A descriptor, or -errno.
inline int Open(const char* path) {
  return static_cast<int>(SystemCall(2, reinterpret_cast<int64_t>(path)));
}
inline void Close(int descriptor) { SystemCall(3, descriptor); }
inline uint64_t FileSize(int descriptor) {
  constexpr int64_t kSeekEnd = 2;
  const int64_t size = SystemCall(8, descriptor, 0, kSeekEnd);
  return size < 0 ? 0 : static_cast<uint64_t>(size);
}
// How many bytes the file has there.
inline uint64_t ReadAt(int descriptor, uint64_t offset, void* into,
                       size_t size) {
  const int64_t count =
      SystemCall(17, descriptor, reinterpret_cast<int64_t>(into),
                 static_cast<int64_t>(size), static_cast<int64_t>(offset));
  return count < 0 ? 0 : static_cast<uint64_t>(count);
}

inline void Print(const char* text) {
  constexpr int64_t kStandardError = 2;
  SystemCall(1, kStandardError, reinterpret_cast<int64_t>(text),
             static_cast<int64_t>(strlen(text)));
}

[[noreturn]] inline void Fail(const char* path, const char* what) {
  Print("mini_loader: ");
  Print(path);
  Print(": ");
  Print(what);
  Print("\n");
  for (;;) SystemCall(231, 1);  // exit_group
}

}  // namespace relink

#endif  // RELINK_EXAMPLES_MINI_LOADER_SYSTEM_CALLS_H_
