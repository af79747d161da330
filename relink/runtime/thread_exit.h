// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_THREAD_EXIT_H_
#define RELINK_RUNTIME_THREAD_EXIT_H_

#include <cstdint>
#include <functional>
#include <memory>

#include "relink/support/address.h"

namespace relink {

// Makes destructors of thread-local objects keep the image alive that has their
// code, as ld.so keeps a library that dlclose closed: code of `memory` that
// registers one while this lives makes the thread an owner of what `keep` gives
// until the destructor has run. Thread-safe, as `keep` must be.
class ThreadExitRegistration {
 public:
  using Keep = std::function<std::shared_ptr<const void>()>;

  ThreadExitRegistration(RuntimeRange memory, Keep keep);
  ThreadExitRegistration(const ThreadExitRegistration&) = delete;
  ThreadExitRegistration& operator=(const ThreadExitRegistration&) = delete;
  ~ThreadExitRegistration();
};

// The address of what images have for __cxa_thread_atexit (Itanium C++ ABI,
// section 3.3.6; here for threads) and glibc's __cxa_thread_atexit_impl.
uint64_t ThreadAtExitFunction();

}  // namespace relink

#endif  // RELINK_RUNTIME_THREAD_EXIT_H_
