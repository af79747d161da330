// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// librelink_audit.so: what ld.so calls while it starts a program
// (rtld-audit(7)). It has a namespace and a C library of its own.

#include <dlfcn.h>
#include <link.h>
#include <sys/auxv.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "relink/run/running_program.h"

#define RELINK_EXPORT extern "C" __attribute__((visibility("default")))

namespace relink {
namespace {

// Null if there is nothing to do. The interface has no other place for it.
RunningProgram* program = nullptr;

}  // namespace
}  // namespace relink

RELINK_EXPORT unsigned la_version(unsigned version) {
  relink::program = relink::RunningProgram::OfEnvironment();
  // 0 would be for a library that does not want to be asked, but glibc 2.36
  // does not survive to unload one with thread-local variables.
  return LAV_CURRENT < version ? LAV_CURRENT : version;
}

RELINK_EXPORT unsigned la_objopen(struct link_map* map, Lmid_t name_space,
                                  uintptr_t* cookie) {
  *cookie = reinterpret_cast<uintptr_t>(map);
  if (relink::program == nullptr || name_space != LM_ID_BASE) return 0;
  relink::program->OnOpened(*map);
  return LA_FLG_BINDTO | LA_FLG_BINDFROM;
}

RELINK_EXPORT void la_activity(uintptr_t* /*cookie*/, unsigned activity) {
  if (relink::program == nullptr) return;
  if (activity == LA_ACT_CONSISTENT) relink::program->OnConsistent();
}

RELINK_EXPORT unsigned la_objclose(uintptr_t* cookie) {
  if (relink::program != nullptr) {
    relink::program->OnClosed(reinterpret_cast<const void*>(*cookie));
  }
  return 0;
}

RELINK_EXPORT uintptr_t la_symbind64(Elf64_Sym* symbol, unsigned /*index*/,
                                     uintptr_t* /*referring*/,
                                     uintptr_t* /*defining*/, unsigned* flags,
                                     const char* /*name*/) {
  // Calls stay as direct as they were.
  *flags |= LA_SYMB_NOPLTENTER | LA_SYMB_NOPLTEXIT;
  if (relink::program == nullptr) return symbol->st_value;
  return relink::program->Bound(symbol->st_value);
}
