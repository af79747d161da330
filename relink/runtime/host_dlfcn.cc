// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/host_dlfcn.h"

#include <atomic>

namespace relink {
namespace {

constinit const HostDlfcn kLinked = {
    .dlopen = ::dlopen,
    .dlmopen = ::dlmopen,
    .dlclose = ::dlclose,
    .dlsym = ::dlsym,
    .dlvsym = ::dlvsym,
    .dlerror = ::dlerror,
    .dlinfo = ::dlinfo,
    .dladdr = ::dladdr,
    .dladdr1 = ::dladdr1,
    .dl_iterate_phdr = ::dl_iterate_phdr,
};

// One per process, as what it names is. Initialized by the compiler: it may be
// used before constructors run.
constinit std::atomic<const HostDlfcn*> host = &kLinked;

}  // namespace

const HostDlfcn& Host() { return *host.load(std::memory_order_acquire); }

void SetHost(const HostDlfcn& functions) {
  host.store(&functions, std::memory_order_release);
}

}  // namespace relink
