// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A program without a C library, a heap, exceptions or RTTI that uses what an
// embedder would: it maps its own file, parses it as ELF, makes code
// executable and runs it. The exit code is 42 if everything went well, else the
// number of the step that did not. Built and run by freestanding_test.sh.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "relink/elf/elf_file.h"
#include "relink/map/fixed_backend.h"
#include "relink/map/linux_syscall_backend.h"
#include "relink/map/reservation.h"
#include "relink/support/byte_view.h"

// Named by the virtual table of MappingBackend unless that is optimized away.
extern "C" void __cxa_pure_virtual() { __builtin_trap(); }

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;

int64_t Syscall(int64_t number, const void* a, int64_t b = 0, int64_t c = 0) {
  int64_t result;
  asm volatile("syscall"
               : "=a"(result)
               : "0"(number), "D"(a), "S"(b), "d"(c)
               : "rcx", "r11", "memory");
  return result;
}

// arch/x86/entry/syscalls/syscall_64.tbl: open, lseek, exit_group.
int OpenSelf() { return static_cast<int>(Syscall(2, "/proc/self/exe")); }
uint64_t FileSize(FileHandle file) {
  constexpr int64_t kSeekEnd = 2;
  return static_cast<uint64_t>(Syscall(
      8, reinterpret_cast<const void*>(static_cast<int64_t>(file.value)), 0,
      kSeekEnd));
}
[[noreturn]] void Exit(int status) {
  Syscall(231, reinterpret_cast<const void*>(static_cast<int64_t>(status)));
  __builtin_unreachable();
}

// Zero if it succeeded, else the number of the step that failed.
int ParseOwnFile(MappingBackend& backend) {
  constexpr uint64_t kAlignment = 512 * kPage;
  FileHandle file{OpenSelf()};
  uint64_t size = FileSize(file);
  auto reservation = Reservation::Make(
      backend, {.size = AlignUp(size, kPage), .alignment = kAlignment});
  if (!reservation.ok()) return 1;
  RuntimeRange pages = reservation->range();
  if (pages.begin.value() % kAlignment != 0) return 2;
  if (!backend.MapFile(pages, file, FileOffset(0), Protection::kRead).ok()) {
    return 3;
  }
  ByteView bytes(backend.Bytes(pages.begin), size);
  auto elf = elf::ElfFile<elf::Elf64Le>::Parse(bytes);
  if (!elf.ok()) return 4;
  if (elf->segments().empty()) return 5;
  return 0;
}

int RunCode(MappingBackend& backend) {
  auto reservation =
      Reservation::Make(backend, {.size = kPage, .alignment = kPage});
  if (!reservation.ok()) return 6;
  RuntimeRange pages = reservation->range();
  if (!backend.MapZero(pages).ok()) return 7;
  static constexpr unsigned char kCode[] = {0xb8, 42, 0, 0, 0,  // mov $42, %eax
                                            0xc3};              // ret
  std::byte* code = backend.Bytes(pages.begin);
  memcpy(code, kCode, sizeof(kCode));
  if (!backend.Protect(pages, Protection::kReadExecute).ok()) return 8;
  return reinterpret_cast<int (*)()>(code)() == 42 ? 0 : 9;
}

int FillFixedMemory() {
  static std::byte bytes[4 * kPage];
  Protection protections[4];
  FixedBackend backend({.bytes = bytes,
                        .address = RuntimeAddr(0x8000'0000),
                        .protections = protections,
                        .page_size = kPage});
  auto reservation =
      Reservation::Make(backend, {.size = 2 * kPage, .alignment = 2 * kPage});
  if (!reservation.ok()) return 10;
  if (!backend.MapZero(reservation->range()).ok()) return 11;
  if (backend.ProtectionAt(RuntimeAddr(0x8000'0000)) !=
      Protection::kReadWrite) {
    return 12;
  }
  return 0;
}

int Run() {
  LinuxSyscallBackend backend;
  if (int step = ParseOwnFile(backend); step != 0) return step;
  if (int step = RunCode(backend); step != 0) return step;
  if (int step = FillFixedMemory(); step != 0) return step;
  return 42;
}

}  // namespace
}  // namespace relink

extern "C" [[noreturn, gnu::force_align_arg_pointer]] void _start() {
  relink::Exit(relink::Run());
}
