// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_FIND_HOST_DLFCN_H_
#define RELINK_DLFCN_FIND_HOST_DLFCN_H_

#include "relink/runtime/host_dlfcn.h"

namespace relink {

// Fills `functions` from libc.so.6's own symbol table, which is found through
// ld.so's list of modules: dlsym is what is looked for. False if one is not
// there. Allocates nothing and needs no constructor to have run, since memory
// allocators and other libraries' constructors may be first to ask.
bool FindHostDlfcn(HostDlfcn& functions);

}  // namespace relink

#endif  // RELINK_DLFCN_FIND_HOST_DLFCN_H_
