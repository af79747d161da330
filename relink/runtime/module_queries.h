// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_MODULE_QUERIES_H_
#define RELINK_RUNTIME_MODULE_QUERIES_H_

#include <dlfcn.h>
#include <link.h>

#include <cstddef>

namespace relink {

// What loaded modules are given for functions of the C library of the same
// names, which know nothing of them: the library's answer, and the registry's.
// Thread-safe.

// dl_iterate_phdr: the process's own modules, then those that Relink loaded, in
// load order. dlpi_adds and dlpi_subs count both. No module that Relink loaded
// comes or goes in other threads while `callback` is shown these.
int IterateProgramHeaders(int (*callback)(dl_phdr_info*, size_t, void*),
                          void* data);

// dladdr, dladdr1. Symbols that moved are where they are now.
int FindAddress(const void* address, Dl_info* info);
int FindAddressAndMore(const void* address, Dl_info* info, void** extra,
                       int flags);

// _dl_find_object: async-signal-safe and without locks. A link map of ours is
// in no list. Memory without unwind tables is unknown.
int FindObject(void* address, dl_find_object* result);

// Whether the unwinder of this process finds what the registry has through the
// _dl_find_object that comes with these; otherwise it must be told of unwind
// tables. The same for the whole life of the process.
bool UnwinderAsksRegistry();

}  // namespace relink

#endif  // RELINK_RUNTIME_MODULE_QUERIES_H_
