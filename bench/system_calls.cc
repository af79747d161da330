// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/system_calls.h"

#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace relink::bench {
namespace {

// Makes no sense in a load, so it can mark where the counting begins and ends.
constexpr auto kMark = SYS_getppid;

std::string NameOf(uint64_t number) {
  switch (number) {
      // clang-format off
    case SYS_brk: return "brk";
    case SYS_close: return "close";
    case SYS_fstat: return "fstat";
    case SYS_ftruncate: return "ftruncate";
    case SYS_futex: return "futex";
    case SYS_getcwd: return "getcwd";
    case SYS_lseek: return "lseek";
    case SYS_madvise: return "madvise";
    case SYS_memfd_create: return "memfd_create";
    case SYS_mmap: return "mmap";
    case SYS_mprotect: return "mprotect";
    case SYS_mremap: return "mremap";
    case SYS_munmap: return "munmap";
    case SYS_newfstatat: return "newfstatat";
    case SYS_openat: return "openat";
    case SYS_pread64: return "pread64";
    case SYS_read: return "read";
    case SYS_readlink: return "readlink";
    case SYS_write: return "write";
    default: return absl::StrCat("number ", number);
      // clang-format on
  }
}

[[noreturn]] void RunTraced(absl::FunctionRef<void()> run) {
  ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
  std::raise(SIGSTOP);
  syscall(kMark);
  run();
  syscall(kMark);
  _exit(0);
}

// Lets the child run to its next stop. False if it ended.
bool Continue(pid_t child) {
  int status = 0;
  return ptrace(PTRACE_SYSCALL, child, nullptr, nullptr) == 0 &&
         waitpid(child, &status, 0) == child && WIFSTOPPED(status);
}

}  // namespace

absl::StatusOr<std::map<std::string, int>> CountSystemCalls(
    absl::FunctionRef<void()> run) {
  const pid_t child = fork();
  if (child < 0) return absl::ErrnoToStatus(errno, "fork");
  if (child == 0) RunTraced(run);
  waitpid(child, nullptr, 0);
  ptrace(PTRACE_SETOPTIONS, child, nullptr,
         PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);

  std::map<std::string, int> counts;
  int marks = 0;
  while (Continue(child)) {
    __ptrace_syscall_info info = {};
    ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info);
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) continue;
    if (info.entry.nr == kMark) {
      ++marks;
    } else if (marks == 1) {
      ++counts[NameOf(info.entry.nr)];
    }
  }
  if (marks != 2) {
    return absl::FailedPreconditionError(
        "system calls cannot be counted: the traced child did not finish");
  }
  return counts;
}

}  // namespace relink::bench
