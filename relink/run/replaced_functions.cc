// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/replaced_functions.h"

#include <dlfcn.h>

#include <array>

extern "C" {
// In return_ways.S.
void relink_forward_dlopen();
void relink_forward_dlmopen();
void relink_forward_dlsym();
void relink_forward_dlvsym();
extern uint64_t relink_real_dlopen;
extern uint64_t relink_real_dlmopen;
extern uint64_t relink_real_dlsym;
extern uint64_t relink_real_dlvsym;
// For it.
__attribute__((visibility("hidden"))) uint64_t relink_find_return_way(
    uint64_t addr);
}

namespace relink {
namespace {

// They run in any thread of a program that knows nothing of this library.
const MovedSource* moved = nullptr;

template <typename Function>
struct Real {
  static inline Function* function = nullptr;
};

uint64_t ToNumber(const void* pointer) {
  return reinterpret_cast<uint64_t>(pointer);
}
void* ToPointer(uint64_t addr) { return reinterpret_cast<void*>(addr); }

// Unwinders ask it for the unwind table of an address.
int FindObject(void* address, dl_find_object* result) {
  MovedFunctions::Unwind unwind;
  if (!moved->FindUnwind(ToNumber(address), &unwind)) {
    return _dl_find_object(address, result);
  }
  const uint64_t old = moved->OldAddress(ToNumber(address));
  if (_dl_find_object(ToPointer(old), result) != 0) return -1;
  result->dlfo_map_start = ToPointer(unwind.code.begin.value());
  result->dlfo_map_end = ToPointer(unwind.code.end().value());
  result->dlfo_eh_frame = ToPointer(unwind.header.value());
  return 0;
}

using Dladdr = int(const void*, Dl_info*);
using Dladdr1 = int(const void*, Dl_info*, void**, int);
using BacktraceSymbols = char**(void* const*, int);
using BacktraceSymbolsFd = void(void* const*, int, int);

void SetNewAddress(Dl_info* info) {
  info->dli_saddr = ToPointer(moved->NewAddress(ToNumber(info->dli_saddr)));
}

int ReplacedDladdr(const void* address, Dl_info* info) {
  const int found = Real<Dladdr>::function(
      ToPointer(moved->OldAddress(ToNumber(address))), info);
  if (found != 0) SetNewAddress(info);
  return found;
}

int ReplacedDladdr1(const void* address, Dl_info* info, void** extra,
                    int flags) {
  const int found = Real<Dladdr1>::function(
      ToPointer(moved->OldAddress(ToNumber(address))), info, extra, flags);
  if (found != 0) SetNewAddress(info);
  return found;
}

// Names and offsets are those of the file.
template <typename Use>
auto WithOldAddresses(void* const* addresses, int size, Use use) {
  constexpr int kMax = 1024;
  std::array<void*, kMax> old;
  if (size < 0 || size > kMax) return use(addresses);
  for (int i = 0; i < size; ++i) {
    old[static_cast<size_t>(i)] =
        ToPointer(moved->OldAddress(ToNumber(addresses[i])));
  }
  return use(old.data());
}

char** ReplacedBacktraceSymbols(void* const* addresses, int size) {
  return WithOldAddresses(addresses, size, [&](void* const* old) {
    return Real<BacktraceSymbols>::function(old, size);
  });
}

void ReplacedBacktraceSymbolsFd(void* const* addresses, int size,
                                int descriptor) {
  WithOldAddresses(addresses, size, [&](void* const* old) {
    Real<BacktraceSymbolsFd>::function(old, size, descriptor);
  });
}

}  // namespace

std::vector<std::pair<uint64_t, uint64_t>> ReplaceFunctions(
    const MovedSource& source,
    const std::function<uint64_t(absl::string_view)>& find) {
  moved = &source;
  std::vector<std::pair<uint64_t, uint64_t>> replaced;
  const auto replace = [&](absl::string_view name, auto* by) {
    const uint64_t real = find(name);
    if (real != 0) {
      replaced.emplace_back(real, reinterpret_cast<uint64_t>(by));
    }
    return real;
  };
  const auto wrap = [&]<typename Function>(absl::string_view name,
                                           Function* by) {
    Real<Function>::function = reinterpret_cast<Function*>(replace(name, by));
  };
  replace("_dl_find_object", FindObject);
  wrap("dladdr", ReplacedDladdr);
  wrap("dladdr1", ReplacedDladdr1);
  wrap("backtrace_symbols", ReplacedBacktraceSymbols);
  wrap("backtrace_symbols_fd", ReplacedBacktraceSymbolsFd);
  relink_real_dlopen = replace("dlopen", relink_forward_dlopen);
  relink_real_dlmopen = replace("dlmopen", relink_forward_dlmopen);
  relink_real_dlsym = replace("dlsym", relink_forward_dlsym);
  relink_real_dlvsym = replace("dlvsym", relink_forward_dlvsym);
  return replaced;
}

}  // namespace relink

uint64_t relink_find_return_way(uint64_t addr) {
  return relink::moved->FindReturnWay(addr);
}
