// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_HOST_DLFCN_H_
#define RELINK_RUNTIME_HOST_DLFCN_H_

#include <dlfcn.h>
#include <link.h>

#include <cstddef>

namespace relink {

// ld.so's side of the process: dlfcn.h and link.h. Relink calls these functions
// through this table only, since a library that takes their place has functions
// of its own under the same names.
struct HostDlfcn {
  void* (*dlopen)(const char* file, int mode);
  void* (*dlmopen)(Lmid_t name_space, const char* file, int mode);
  int (*dlclose)(void* handle);
  void* (*dlsym)(void* handle, const char* name);
  void* (*dlvsym)(void* handle, const char* name, const char* version);
  char* (*dlerror)();
  int (*dlinfo)(void* handle, int request, void* answer);
  int (*dladdr)(const void* address, Dl_info* info);
  int (*dladdr1)(const void* address, Dl_info* info, void** extra, int flags);
  int (*dl_iterate_phdr)(int (*callback)(dl_phdr_info*, size_t, void*),
                         void* data);
};

// The functions that this code is linked to, or those that were set instead.
// Async-signal-safe, as long as the function is that is called.
const HostDlfcn& Host();

// `functions` must stay for ever. Thread-safe.
void SetHost(const HostDlfcn& functions);

}  // namespace relink

#endif  // RELINK_RUNTIME_HOST_DLFCN_H_
