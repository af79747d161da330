// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_SYMBOL_OVERRIDES_H_
#define RELINK_RUNTIME_SYMBOL_OVERRIDES_H_

#include <array>
#include <cstdint>

#include "relink/reloc/symbol_binder.h"
#include "relink/reloc/tls_provider.h"
#include "relink/runtime/module_queries.h"
#include "relink/runtime/thread_exit.h"

namespace relink {

// What images are given in place of functions of ld.so and libc that know
// nothing of our modules.
inline std::array<SymbolOverride, 7> SymbolOverrides(TlsProvider& tls) {
  const auto address = [](auto* function) {
    return reinterpret_cast<uint64_t>(function);
  };
  return {{{"__tls_get_addr", tls.functions().get_addr},
           {"__cxa_thread_atexit", ThreadAtExitFunction()},
           {"__cxa_thread_atexit_impl", ThreadAtExitFunction()},
           {"_dl_find_object", address(&FindObject)},
           {"dl_iterate_phdr", address(&IterateProgramHeaders)},
           {"dladdr", address(&FindAddress)},
           {"dladdr1", address(&FindAddressAndMore)}}};
}

}  // namespace relink

#endif  // RELINK_RUNTIME_SYMBOL_OVERRIDES_H_
