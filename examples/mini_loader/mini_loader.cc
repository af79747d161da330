// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Starts a program without a C library, a heap or execve(2): a whole loader of
// relink/elf, relink/arch, relink/map and system calls, for who writes a boot
// loader, a kernel or a sandbox. See BUILD for how it is compiled.
//
//   mini_loader PROGRAM [ARGUMENT]...
//
// maps PROGRAM and its interpreter and jumps to the one that runs first, on the
// stack that the kernel made for the loader.

#include <linux/auxvec.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "examples/mini_loader/system_calls.h"
#include "relink/arch/target.h"
#include "relink/elf/elf_file.h"
#include "relink/map/linux_syscall_backend.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"
#include "relink/support/result.h"

// Named by the virtual table of MappingBackend unless that is optimized away.
extern "C" void __cxa_pure_virtual() { __builtin_trap(); }

namespace relink {
namespace {

using E = elf::Elf64Le;
using Segment = elf::Phdr<E>;

constexpr uint64_t kPage = LinuxSyscallKernel::PageSize();
constexpr size_t kMaxPath = 256;

// A program, or its interpreter, in memory.
struct Mapped {
  RuntimeAddr entry;
  RuntimeAddr base;             // What was added to its link addresses.
  RuntimeAddr program_headers;  // 0 if no segment has them.
  uint64_t program_header_count = 0;
  char interpreter[kMaxPath] = "";  // Empty if it has none.
};

LinkRange MemoryOf(const Segment& segment) {
  return {LinkAddr(uint64_t{segment.p_vaddr}), uint64_t{segment.p_memsz}};
}

Result<Protection> ProtectionOf(const Segment& segment) {
  const bool writable = (segment.p_flags & elf::kPfW) != 0;
  const bool executable = (segment.p_flags & elf::kPfX) != 0;
  if (writable && executable) {
    return Error{ErrorCode::kUnsupported, "writable and executable segment",
                 segment.p_vaddr};
  }
  if (writable) return Protection::kReadWrite;
  return executable ? Protection::kReadExecute : Protection::kRead;
}

// The pages from the first segment to the last, which must ascend and share
// none.
Result<LinkRange> SpanOf(std::span<const Segment> segments) {
  constexpr uint64_t kMaxAddress = uint64_t{1} << 47;
  LinkRange span;
  for (const Segment& segment : segments) {
    if (segment.p_type != elf::kPtLoad || segment.p_memsz == 0) continue;
    if (segment.p_vaddr > kMaxAddress || segment.p_memsz > kMaxAddress ||
        segment.p_filesz > segment.p_memsz ||
        (segment.p_vaddr - segment.p_offset) % kPage != 0) {
      return Error{ErrorCode::kMalformed, "segment cannot be mapped",
                   segment.p_vaddr};
    }
    const LinkRange pages = PagesOf(MemoryOf(segment), kPage);
    if (span.size == 0) span.begin = pages.begin;
    if (span.size != 0 && pages.begin < span.end()) {
      return Error{ErrorCode::kMalformed, "segments overlap", segment.p_vaddr};
    }
    span.size = static_cast<uint64_t>(pages.end() - span.begin);
  }
  if (span.size != 0) return span;
  return Error{ErrorCode::kMalformed, "no segment to map"};
}

// The file's pages first, then zeros (gABI, "Program Header", p_memsz).
Result<void> MapSegment(MappingBackend& backend, const Segment& segment,
                        FileHandle file, uint64_t bias) {
  RELINK_TRY_ASSIGN(const Protection protection, ProtectionOf(segment));
  const uint64_t begin = segment.p_vaddr + bias;
  const RuntimeRange pages =
      PagesOf(RuntimeRange{RuntimeAddr(begin), segment.p_memsz}, kPage);
  const RuntimeAddr file_end(begin + segment.p_filesz);
  RuntimeAddr mapped_end = pages.begin;
  const bool has_zeros = segment.p_memsz > segment.p_filesz;
  if (segment.p_filesz != 0) {
    const RuntimeRange file_pages =
        PagesOf(RuntimeRange{RuntimeAddr(begin), segment.p_filesz}, kPage);
    mapped_end = file_pages.end();
    RELINK_TRY(backend.MapFile(
        file_pages, file, FileOffset(AlignDown(segment.p_offset, kPage)),
        has_zeros ? Protection::kReadWrite : protection));
    if (has_zeros) {
      memset(backend.Bytes(file_end), 0,
             static_cast<size_t>(mapped_end - file_end));
    }
  }
  if (mapped_end < pages.end()) {
    RELINK_TRY(backend.MapZero(
        {mapped_end, static_cast<uint64_t>(pages.end() - mapped_end)}));
  }
  if (has_zeros && protection != Protection::kReadWrite) {
    RELINK_TRY(backend.Protect(pages, protection));
  }
  return {};
}

Result<void> CopyInterpreter(const Segment& segment, int descriptor,
                             char (&path)[kMaxPath]) {
  if (segment.p_filesz == 0 || segment.p_filesz > kMaxPath) {
    return Error{ErrorCode::kMalformed, "no interpreter has such a long name",
                 segment.p_offset};
  }
  ReadAt(descriptor, segment.p_offset, path, segment.p_filesz);
  if (memchr(path, 0, segment.p_filesz) != nullptr) return {};
  return Error{ErrorCode::kMalformed, "the interpreter's name has no end",
               segment.p_offset};
}

// Facts about the file and its segments that need no memory mapped.
Result<elf::ElfHeaders<E>> ReadHeaders(int descriptor, uint64_t file_size,
                                       std::span<std::byte> buffer) {
  const uint64_t size = ReadAt(descriptor, 0, buffer.data(), buffer.size());
  RELINK_TRY_ASSIGN(
      const auto headers,
      elf::ElfHeaders<E>::Parse(ByteView(buffer.data(), size), file_size));
  const elf::Ehdr<E>& header = headers.header();
  if (FindTarget(header.e_machine, E::kClass, E::kData) == nullptr) {
    return Error{ErrorCode::kUnsupported, "is for another machine",
                 header.e_machine};
  }
  if (header.e_type != elf::kEtExec && header.e_type != elf::kEtDyn) {
    return Error{ErrorCode::kMalformed, "is no program", header.e_type};
  }
  return headers;
}

Result<Mapped> Map(MappingBackend& backend, const char* path) {
  const int descriptor = Open(path);
  if (descriptor < 0) {
    return Error{ErrorCode::kNotFound, "cannot be opened", 0, -descriptor};
  }
  const FileHandle file{descriptor, FileSize(descriptor)};
  std::byte buffer[kPage];
  RELINK_TRY_ASSIGN(const auto headers,
                    ReadHeaders(descriptor, file.size, buffer));
  RELINK_TRY_ASSIGN(const LinkRange span, SpanOf(headers.segments()));
  const bool fixed = headers.header().e_type == elf::kEtExec;
  uint64_t alignment = kPage;
  for (const Segment& segment : headers.segments()) {
    if (fixed || segment.p_type != elf::kPtLoad) continue;
    if (segment.p_align > alignment) alignment = segment.p_align;
  }
  RELINK_TRY_ASSIGN(
      const RuntimeRange memory,
      backend.Reserve({.size = span.size,
                       .alignment = alignment,
                       .address = RuntimeAddr(fixed ? span.begin.value() : 0),
                       .fixed = fixed}));

  const uint64_t bias = memory.begin.value() - span.begin.value();
  const uint64_t table = headers.header().e_phoff;
  Mapped mapped;
  mapped.base = RuntimeAddr(bias);
  mapped.entry = RuntimeAddr(headers.header().e_entry + bias);
  mapped.program_header_count = headers.segments().size();
  for (const Segment& segment : headers.segments()) {
    if (segment.p_type == elf::kPtInterp) {
      RELINK_TRY(CopyInterpreter(segment, descriptor, mapped.interpreter));
    }
    if (segment.p_type != elf::kPtLoad || segment.p_memsz == 0) continue;
    RELINK_TRY(MapSegment(backend, segment, file, bias));
    if (table - segment.p_offset < segment.p_filesz) {
      mapped.program_headers =
          RuntimeAddr(segment.p_vaddr + (table - segment.p_offset) + bias);
    }
  }
  Close(descriptor);
  return mapped;
}

Mapped MapOrExit(MappingBackend& backend, const char* path) {
  auto mapped = Map(backend, path);
  if (!mapped.ok()) Fail(path, mapped.error().what);
  return *static_cast<Result<Mapped>&&>(mapped);
}

// Takes the loader's own name from the arguments, and everything after it moves
// up: argc, argv, envp and the auxiliary vector stay neighbours (psABI,
// "Initial Stack and Register State"). Returns the auxiliary vector.
uint64_t* DropFirstArgument(uint64_t* stack) {
  uint64_t* from = stack + 2;
  uint64_t* to = stack + 1;
  for (int tables = 0; tables < 2; ++from) {  // argv and envp.
    if (*from == 0) ++tables;
    *to++ = *from;
  }
  uint64_t* const auxiliary = to;
  for (uint64_t type = ~uint64_t{AT_NULL}; type != AT_NULL;) {
    type = *to++ = *from++;
    *to++ = *from++;
  }
  --stack[0];
  return auxiliary;
}

void SetAuxiliary(uint64_t* auxiliary, const Mapped& program,
                  RuntimeAddr interpreter_base, uint64_t path) {
  for (; auxiliary[0] != AT_NULL; auxiliary += 2) {
    switch (auxiliary[0]) {
      case AT_PHDR:
        auxiliary[1] = program.program_headers.value();
        break;
      case AT_PHNUM:
        auxiliary[1] = program.program_header_count;
        break;
      case AT_BASE:
        auxiliary[1] = interpreter_base.value();
        break;
      case AT_ENTRY:
        auxiliary[1] = program.entry.value();
        break;
      case AT_EXECFN:
        auxiliary[1] = path;
        break;
    }
  }
}

uint64_t Load(uint64_t* stack) {
  if (stack[0] < 2) Fail("usage", "mini_loader PROGRAM [ARGUMENT]...");
  uint64_t* const auxiliary = DropFirstArgument(stack);
  const char* path = reinterpret_cast<const char*>(stack[1]);
  LinuxSyscallBackend backend;
  const Mapped program = MapOrExit(backend, path);
  RuntimeAddr start = program.entry;
  RuntimeAddr interpreter_base;
  if (program.interpreter[0] != 0) {
    const Mapped interpreter = MapOrExit(backend, program.interpreter);
    if (interpreter.interpreter[0] != 0) {
      Fail(program.interpreter, "needs an interpreter itself");
    }
    start = interpreter.entry;
    interpreter_base = interpreter.base;
  }
  SetAuxiliary(auxiliary, program, interpreter_base, stack[1]);
  return start.value();
}

}  // namespace
}  // namespace relink

extern "C" uint64_t MiniLoaderLoad(uint64_t* stack) {
  return relink::Load(stack);
}

// The kernel enters here, and the program as if the kernel had entered it: %rdx
// is 0, since there is nothing to register with atexit.
__asm__(
    ".globl _start\n"
    "_start:\n"
    "  xor %ebp, %ebp\n"
    "  mov %rsp, %rbx\n"
    "  mov %rsp, %rdi\n"
    "  call MiniLoaderLoad\n"
    "  mov %rbx, %rsp\n"
    "  xor %edx, %edx\n"
    "  xor %ebx, %ebx\n"
    "  jmp *%rax\n");
