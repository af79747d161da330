// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Maps a program, shows what will start, and becomes it: execve(2) without the
// kernel. As a test, in a child process.

#include <elf.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <span>
#include <utility>

#include "relink/link/program.h"

namespace {

unsigned long long Hex(relink::RuntimeAddr address) { return address.value(); }

void Show(const relink::Program& program) {
  std::printf("%s at 0x%llx, entry at 0x%llx\n", program.name().c_str(),
              static_cast<unsigned long long>(program.base()),
              Hex(program.entry()));
  const relink::RuntimeRange headers = program.program_headers();
  const std::span<const Elf64_Phdr> segments(
      reinterpret_cast<const Elf64_Phdr*>(headers.begin.value()),
      headers.size / sizeof(Elf64_Phdr));
  for (const Elf64_Phdr& segment : segments) {
    if (segment.p_type != PT_LOAD) continue;
    std::printf(
        "  segment at 0x%llx, %llu bytes, %c%c%c\n",
        static_cast<unsigned long long>(program.base() + segment.p_vaddr),
        static_cast<unsigned long long>(segment.p_memsz),
        (segment.p_flags & PF_R) != 0 ? 'r' : '-',
        (segment.p_flags & PF_W) != 0 ? 'w' : '-',
        (segment.p_flags & PF_X) != 0 ? 'x' : '-');
  }
  if (!program.interpreter().empty()) {
    std::printf("interpreter %s at 0x%llx\n", program.interpreter().c_str(),
                static_cast<unsigned long long>(program.interpreter_base()));
  }
  std::printf("starts at 0x%llx with its stack at 0x%llx\n",
              Hex(program.start()), Hex(program.stack().pointer));
}

// Does not return if all goes well.
int Become(const char* path) {
  auto program = relink::Program::Load(
      path, {.arguments = {"sh", "-c", "exit $((6 * $ANSWER))"},
             .environment = {{"ANSWER=7"}}});
  if (!program.ok()) {
    std::fprintf(stderr, "%s\n", program.status().ToString().c_str());
    return 1;
  }
  Show(*program);
  // What is in buffers would be lost.
  std::fflush(stdout);
  std::move(*program).Start();
}

}  // namespace

int main() {
  const pid_t child = fork();
  if (child == 0) _exit(Become("/bin/sh"));
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return 1;
  std::printf("it exited with %d\n", WEXITSTATUS(status));
  return WIFEXITED(status) && WEXITSTATUS(status) == 42 ? 0 : 1;
}
