// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A program of relink/elf and nothing else: no C library, no runtime of the
// compiler, no heap. It reads its own ELF image where the kernel put it and
// exits with 42 if everything in there is as it should be. Built and run by
// freestanding_test.sh, for x86-64 Linux.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "relink/elf/address_view.h"
#include "relink/elf/definitions.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/notes.h"
#include "relink/elf/relocations.h"
#include "relink/elf/symbol_table.h"
#include "relink/elf/versions.h"

extern "C" {

// In the dynamic symbol table, to be found there.
__attribute__((visibility("default"))) extern const int relink_marker;
const int relink_marker = 42;

// The linker's: the first byte of the image, and the end of what is loaded.
extern const char __ehdr_start[];
extern const char _end[];
}

namespace {

using E = relink::elf::Elf64Le;

int64_t SystemCall(int64_t number, int64_t a, int64_t b, int64_t c) {
  int64_t result;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c)
                   : "rcx", "r11", "memory");
  return result;
}

[[noreturn]] void Exit(int code) {
  for (;;) SystemCall(60, code, 0, 0);  // exit
}

// Ends the program with a message where a step fails.
void Require(bool ok, const char* what) {
  if (ok) return;
  SystemCall(1, 2, reinterpret_cast<int64_t>(what),  // write
             static_cast<int64_t>(strlen(what)));
  SystemCall(1, 2, reinterpret_cast<int64_t>("\n"), 1);
  Exit(1);
}
template <typename T>
T Value(relink::Result<T> result) {
  if (!result.ok()) Require(false, result.error().what);
  return *static_cast<relink::Result<T>&&>(result);
}

void ReadOwnImage() {
  using namespace relink;       // NOLINT: a whole program in one function
  using namespace relink::elf;  // NOLINT: a whole program in one function
  const ByteView image(__ehdr_start, static_cast<size_t>(_end - __ehdr_start));
  const auto file = Value(ElfFile<E>::Parse(image));
  const auto view =
      AddressView<E>::OfImage(file.segments(), image, LinkAddr(0));
  std::span<const Dyn<E>> table;
  for (const Phdr<E>& segment : file.segments()) {
    const LinkRange range{LinkAddr(segment.p_vaddr), segment.p_memsz};
    if (segment.p_type == kPtDynamic) {
      table =
          Value(view.Records<Dyn<E>>(range.begin, range.size / sizeof(Dyn<E>)));
    } else if (segment.p_type == kPtGnuEhFrame) {
      Require(Value(FindEhFrame<E>(view, range)).entry_count > 0, "no records");
    }
  }
  Require(FindBuildId<E>(file).size() == 2, "no build-id");
  const Dynamic dynamic = Value(ParseDynamic<E>(table));
  const auto symbols = Value(SymbolTable<E>::Parse(view, dynamic));
  const VersionReader<E> versions(view, dynamic, symbols.strings());
  Require(Value(versions.Count()) == 0, "unexpected versions");
  const auto relocations = Value(RelocationTables<E>::Parse(view, dynamic));
  uint64_t relr_words = 0;
  ForEachRelr<E>(relocations.relr, [&](LinkAddr) { return ++relr_words > 0; });
  const Definitions<E> definitions{symbols, {}};
  const uint32_t index = definitions.Find("relink_marker", {});
  Require(index != 0, "relink_marker is not found");
  const auto marker =
      Value(view.Records<Le<int32_t>>(LinkAddr(symbols[index].st_value), 1));
  Exit(marker[0]);
}

}  // namespace

extern "C" void RelinkMain() { ReadOwnImage(); }

// The kernel enters here with an aligned stack; a function expects it off by
// the return address.
__asm__(
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  call RelinkMain\n"
    "  hlt\n");
