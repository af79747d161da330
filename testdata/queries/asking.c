// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Hands on what the C library's functions answer when a module calls them.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <unwind.h>

int ask_iterate(int (*callback)(struct dl_phdr_info*, size_t, void*),
                void* data) {
  return dl_iterate_phdr(callback, data);
}

int ask_dladdr(const void* address, Dl_info* info) {
  return dladdr(address, info);
}

int ask_dladdr1(const void* address, Dl_info* info, void** extra, int flags) {
  return dladdr1(address, info, extra, flags);
}

int ask_find_object(void* address, struct dl_find_object* result) {
  return _dl_find_object(address, result);
}

struct frames {
  void** next;
  void** end;
};

static _Unwind_Reason_Code add_frame(struct _Unwind_Context* context,
                                     void* data) {
  struct frames* frames = data;
  if (frames->next == frames->end) return _URC_END_OF_STACK;
  *frames->next++ = (void*)_Unwind_GetIP(context);
  return _URC_NO_REASON;
}

// The frames that the unwinder in this library finds.
__attribute__((noinline)) int own_backtrace(void** addresses, int size) {
  struct frames frames = {addresses, addresses + size};
  _Unwind_Backtrace(add_frame, &frames);
  return (int)(frames.next - addresses);
}

int call_own_backtrace(void** addresses, int size) {
  return own_backtrace(addresses, size);
}
