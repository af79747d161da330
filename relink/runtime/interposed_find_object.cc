// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/interposed_find_object.h"

#include <atomic>
#include <cstdint>

#include "relink/runtime/host_dlfcn.h"
#include "relink/runtime/module_queries.h"

// libgcc's lookup of the unwind table of a code address; fills in three
// pointers (unwind-dw2-fde.h).
extern "C" const void* _Unwind_Find_FDE(void* code, void* bases);

namespace relink {
namespace {

using Function = int(void*, dl_find_object*);

// Whether the unwinder is being tried, and whether it came here.
constinit std::atomic<bool> trying = false;
constinit std::atomic<bool> came = false;

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

bool UnwinderAsksRegistry() {
  static const bool asks = [] {
    // About code of ours, whose tables are well-formed.
    const auto code = reinterpret_cast<uintptr_t>(&UnwinderAsksRegistry);
    void* bases[3];
    trying = true;
    (void)_Unwind_Find_FDE(reinterpret_cast<void*>(code + 1), bases);
    trying = false;
    return came.load();
  }();
  return asks;
}

}  // namespace relink

// Weak, so that a static C library's takes its place.
extern "C" __attribute__((weak)) int _dl_find_object(
    void* address, dl_find_object* result) noexcept {
  if (relink::trying.load(std::memory_order_relaxed)) relink::came = true;
  return relink::FindObject(address, result);
}
