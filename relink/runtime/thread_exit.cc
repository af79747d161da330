// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/thread_exit.h"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

// glibc's half, and what identifies this module to it.
extern "C" int __cxa_thread_atexit_impl(void (*destroy)(void*), void* object,
                                        void* dso);
extern "C" __attribute__((visibility("hidden"))) void* __dso_handle;

namespace relink {
namespace {

struct Entry {
  const ThreadExitRegistration* key;
  RuntimeRange memory;
  ThreadExitRegistration::Keep keep;
};

// One per process, because code is compiled to call a function without context.
struct Entries {
  std::mutex mutex;
  std::vector<Entry> entries;
};

Entries& Process() {
  // Never destroyed: threads may outlive static destruction.
  static Entries& entries = *new Entries();
  return entries;
}

std::shared_ptr<const void> FindImage(RuntimeAddr addr) {
  Entries& process = Process();
  std::lock_guard lock(process.mutex);
  for (const Entry& entry : process.entries) {
    if (entry.memory.Contains(addr)) return entry.keep();
  }
  return nullptr;
}

struct Pending {
  void (*destroy)(void*);
  void* object;
  std::shared_ptr<const void> image;
};

void Destroy(void* data) {
  const std::unique_ptr<Pending> pending(static_cast<Pending*>(data));
  pending->destroy(pending->object);
}

int AtThreadExit(void (*destroy)(void*), void* object, void* dso) {
  auto image = FindImage(RuntimeAddr(reinterpret_cast<uint64_t>(dso)));
  if (image == nullptr) return __cxa_thread_atexit_impl(destroy, object, dso);
  return __cxa_thread_atexit_impl(
      Destroy, new Pending{destroy, object, std::move(image)}, &__dso_handle);
}

}  // namespace

ThreadExitRegistration::ThreadExitRegistration(RuntimeRange memory, Keep keep) {
  Entries& process = Process();
  std::lock_guard lock(process.mutex);
  process.entries.push_back({this, memory, std::move(keep)});
}

ThreadExitRegistration::~ThreadExitRegistration() {
  Entries& process = Process();
  std::lock_guard lock(process.mutex);
  std::erase_if(process.entries,
                [this](const Entry& entry) { return entry.key == this; });
}

uint64_t ThreadAtExitFunction() {
  return reinterpret_cast<uint64_t>(&AtThreadExit);
}

}  // namespace relink
