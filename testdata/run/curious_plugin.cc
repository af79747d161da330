// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <dlfcn.h>

#include <cstdio>
#include <stdexcept>

namespace {

struct Constructed {
  Constructed() { std::puts("plugin constructed"); }
  ~Constructed() { std::puts("plugin destroyed"); }
} constructed;

}  // namespace

extern "C" void CheckPointer(void* address_of_puts) {
  std::printf("plugin: same puts %d, next is the same %d\n",
              address_of_puts == reinterpret_cast<void*>(&puts),
              dlsym(RTLD_NEXT, "puts") == address_of_puts);
}

extern "C" void PluginThrow() { throw std::runtime_error("plugin"); }
