// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Linked into a program, puts its text on huge pages before main: by
// MADV_COLLAPSE, which few kernels do for files, else by a copy on huge pages
// that is moved to where the text was. Says which on standard error if
// HUGE_TEXT_VERBOSE is set. Needs a text segment that shares no huge page with
// others: lld's -z separate-code -z max-page-size=0x200000.

#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

enum { kHugePage = 2 << 20 };

static uintptr_t RoundUp(uintptr_t addr) {
  return (addr + kHugePage - 1) & -(uintptr_t)kHugePage;
}

static const char* PutOnHugePages(char* text, size_t text_size) {
  const size_t size = RoundUp(text_size);
  if (madvise(text, size, MADV_COLLAPSE) == 0) return "collapsed";
  char* room = mmap(NULL, size + kHugePage, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return "refused";
  char* copy = (char*)RoundUp((uintptr_t)room);
  madvise(copy, size, MADV_HUGEPAGE);
  memcpy(copy, text, text_size);
  if (mprotect(copy, size, PROT_READ | PROT_EXEC) != 0) return "refused";
  // This very code is replaced by the same bytes.
  void* moved = mremap(copy, size, size, MREMAP_MAYMOVE | MREMAP_FIXED, text);
  return moved == text ? "copied" : "refused";
}

static int UseHugeText(struct dl_phdr_info* program, size_t size,
                       void* unused) {
  (void)size, (void)unused;
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const ElfW(Phdr)* segment = &program->dlpi_phdr[i];
    if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
    const uintptr_t text = program->dlpi_addr + segment->p_vaddr;
    const char* outcome = segment->p_align < kHugePage || RoundUp(text) != text
                              ? "not aligned"
                              : PutOnHugePages((char*)text, segment->p_memsz);
    if (getenv("HUGE_TEXT_VERBOSE") != NULL) {
      fprintf(stderr, "huge_text: %zu KiB %s\n", segment->p_memsz >> 10,
              outcome);
    }
  }
  return 1;  // The program is the first module, and the only one.
}

__attribute__((constructor)) static void StartOnHugePages(void) {
  dl_iterate_phdr(UseHugeText, NULL);
}
