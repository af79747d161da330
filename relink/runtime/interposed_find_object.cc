// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/interposed_find_object.h"

#include <atomic>

#include "relink/runtime/host_dlfcn.h"
#include "relink/runtime/module_queries.h"

namespace relink {
namespace {

using Function = int(void*, dl_find_object*);

}  // namespace

int HostFindObject(void* address, dl_find_object* result) {
  // Not a function-local static, whose lock signal handlers must not take.
  static constinit std::atomic<Function*> host = nullptr;
  Function* function = host.load(std::memory_order_relaxed);
  if (function == nullptr) {
    function =
        reinterpret_cast<Function*>(Host().dlsym(RTLD_NEXT, "_dl_find_object"));
    if (function == nullptr) return -1;
    host.store(function, std::memory_order_relaxed);
  }
  return function(address, result);
}

}  // namespace relink

// Weak, so that a static C library's takes its place.
extern "C" __attribute__((weak)) int _dl_find_object(
    void* address, dl_find_object* result) noexcept {
  return relink::FindObject(address, result);
}
