// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_INTERPOSED_FIND_OBJECT_H_
#define RELINK_RUNTIME_INTERPOSED_FIND_OBJECT_H_

#include <dlfcn.h>

namespace relink {

// The C library's _dl_find_object.
//
// Relink has a function of that name, too, which asks the registry first. Where
// Relink is part of the program, or of a library that the program started with,
// the usual rules of symbol lookup make it the one that libgcc's unwinder
// calls: then nothing need be registered with the unwinder, which takes a lock
// for each frame once anything is (libgcc 12, unwind-dw2-fde.c). Elsewhere,
// and in a program that has one itself, it is never called.
int HostFindObject(void* address, dl_find_object* result);

}  // namespace relink

#endif  // RELINK_RUNTIME_INTERPOSED_FIND_OBJECT_H_
