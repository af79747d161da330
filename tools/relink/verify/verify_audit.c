// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// An rtld-audit library (rtld-audit(7)) that keeps ld.so from running the
// initialization and finalization functions of libraries that are opened after
// the program started. Then a library's memory is what relocation made of it,
// and can be compared byte for byte. It uses no library itself.

#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>

static int started;

static void Nothing(void) {}

unsigned int la_version(unsigned int version) { return version; }

void la_preinit(uintptr_t* cookie) {
  (void)cookie;
  started = 1;
}

// Called once a library is mapped, before it is relocated.
unsigned int la_objopen(struct link_map* map, Lmid_t lmid, uintptr_t* cookie) {
  (void)lmid;
  (void)cookie;
  if (!started) return 0;
  for (ElfW(Dyn)* entry = map->l_ld; entry->d_tag != DT_NULL; ++entry) {
    switch (entry->d_tag) {
      case DT_INIT:
      case DT_FINI:
        entry->d_un.d_ptr = (uintptr_t)&Nothing - map->l_addr;
        break;
      case DT_INIT_ARRAYSZ:
      case DT_FINI_ARRAYSZ:
        entry->d_un.d_val = 0;
        break;
      default:
        break;
    }
  }
  return 0;
}
