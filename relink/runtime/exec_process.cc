// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/exec_process.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "relink/runtime/process_arguments.h"

extern "C" {
[[noreturn]] void relink_enter_program(const void* stack, size_t size,
                                       void* pointer, uint64_t entry);
// Of the thread pointer, since glibc 2.35: the area that the kernel writes the
// number of the processor to.
__attribute__((weak)) extern const ptrdiff_t __rseq_offset;
__attribute__((weak)) extern const unsigned __rseq_size;
}

namespace relink {
namespace {

absl::StatusOr<std::string> ReadProc(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), {});
  if (!text.empty()) return text;
  return absl::FailedPreconditionError(absl::StrCat(path, ": cannot be read"));
}

// proc_pid_stat(5) numbers fields from 1. The second is a name, which may have
// blanks and brackets of its own.
class StatFields {
 public:
  static absl::StatusOr<StatFields> Read() {
    auto text = ReadProc("/proc/self/stat");
    if (!text.ok()) return text.status();
    StatFields stat;
    stat.fields_ = absl::StrSplit(text->substr(text->rfind(')') + 1),
                                  absl::ByAnyChar(" "), absl::SkipEmpty());
    constexpr size_t kLast = 47;
    if (stat.fields_.size() + 2 >= kLast) return stat;
    return absl::FailedPreconditionError("/proc/self/stat: too short");
  }
  uint64_t Field(size_t number) const {
    return std::strtoull(fields_[number - 3].c_str(), nullptr, 10);
  }

 private:
  std::vector<std::string> fields_;
};

absl::StatusOr<std::vector<AuxiliaryEntry>> ReadAuxiliary() {
  auto text = ReadProc("/proc/self/auxv");
  if (!text.ok()) return text.status();
  std::vector<AuxiliaryEntry> entries(text->size() / sizeof(AuxiliaryEntry));
  std::memcpy(entries.data(), text->data(),
              entries.size() * sizeof(AuxiliaryEntry));
  const auto end =
      std::ranges::find(entries, uint64_t{AT_NULL}, &AuxiliaryEntry::type);
  entries.erase(end, entries.end());
  for (AuxiliaryEntry& entry : entries) {
    if (entry.type == AT_UID) entry.value = getuid();
    if (entry.type == AT_EUID) entry.value = geteuid();
    if (entry.type == AT_GID) entry.value = getgid();
    if (entry.type == AT_EGID) entry.value = getegid();
  }
  return entries;
}

// As execve(2), "Limits on size of arguments and environment".
uint64_t MaxArguments() {
  constexpr uint64_t kAlways = uint64_t{128} << 10;
  constexpr uint64_t kNever = uint64_t{6} << 20;
  rlimit stack = {};
  if (getrlimit(RLIMIT_STACK, &stack) != 0) return kAlways;
  return std::clamp<uint64_t>(stack.rlim_cur / 4, kAlways, kNever);
}

// Straight to the kernel: the C library keeps some signals to itself.
void ResetSignals() {
  struct KernelAction {
    uint64_t handler, flags, restorer, mask;
  };
  constexpr int kSignals = 64;
  for (int signal = 1; signal <= kSignals; ++signal) {
    KernelAction action = {};
    if (syscall(SYS_rt_sigaction, signal, nullptr, &action, sizeof(uint64_t)) !=
        0) {
      continue;
    }
    if (action.handler != reinterpret_cast<uint64_t>(SIG_IGN)) {
      action.handler = reinterpret_cast<uint64_t>(SIG_DFL);
    }
    action.flags = action.restorer = action.mask = 0;
    syscall(SYS_rt_sigaction, signal, &action, nullptr, sizeof(uint64_t));
  }
  stack_t none = {};
  none.ss_flags = SS_DISABLE;
  sigaltstack(&none, nullptr);
}

void CloseIfOnExec(int descriptor) {
  const int flags = fcntl(descriptor, F_GETFD);
  if (flags >= 0 && (flags & FD_CLOEXEC) != 0) close(descriptor);
}

void CloseDescriptors() {
  std::vector<int> open;
  if (DIR* folder = opendir("/proc/self/fd")) {
    while (const dirent* entry = readdir(folder)) {
      if (entry->d_name[0] != '.') open.push_back(std::atoi(entry->d_name));
    }
    closedir(folder);
    for (const int descriptor : open) CloseIfOnExec(descriptor);
    return;
  }
  // No descriptor is left to read a folder with: all those there can be.
  rlimit files = {};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const auto end = static_cast<int>(std::min<rlim_t>(files.rlim_cur, INT_MAX));
  for (int descriptor = 0; descriptor < end; ++descriptor) {
    CloseIfOnExec(descriptor);
  }
}

// Only a kernel with CONFIG_CHECKPOINT_RESTORE does it. Without, ps shows what
// this process was started with.
void DescribeMemory(const ExecProcess& process, const InitialStack& stack) {
  prctl_mm_map map = {};
  map.start_code = process.start_code;
  map.end_code = process.end_code;
  map.start_data = process.start_data;
  map.end_data = process.end_data;
  map.start_brk = process.start_brk;
  map.brk = static_cast<uint64_t>(syscall(SYS_brk, 0));
  map.start_stack = stack.pointer.value();
  map.arg_start = stack.arguments.begin.value();
  map.arg_end = stack.arguments.end().value();
  map.env_start = stack.environment.begin.value();
  map.env_end = stack.environment.end().value();
  map.auxv = reinterpret_cast<__u64*>(const_cast<std::byte*>(
      stack.bytes.data() + (stack.auxiliary.begin - stack.pointer)));
  map.auxv_size = static_cast<__u32>(stack.auxiliary.size);
  map.exe_fd = static_cast<__u32>(-1);
  prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0);
}

// Otherwise the kernel would go on writing to memory of this thread, and refuse
// what the next C library registers.
void ForgetThread() {
  constexpr int kUnregister = 1;               // RSEQ_FLAG_UNREGISTER.
  constexpr uint32_t kSignature = 0x53053053;  // RSEQ_SIG.
  constexpr unsigned kLeastSize = 32;
  if (&__rseq_offset != nullptr && &__rseq_size != nullptr &&
      __rseq_size != 0) {
    auto* area = static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset;
    syscall(SYS_rseq, area, std::max(__rseq_size, kLeastSize), kUnregister,
            kSignature);
  }
  constexpr size_t kListHead = 24;  // sizeof(struct robust_list_head).
  syscall(SYS_set_robust_list, nullptr, kListHead);
  syscall(SYS_set_tid_address, nullptr);
}

}  // namespace

absl::StatusOr<ExecProcess> ExecProcess::Read() {
  ExecProcess process;
  absl::StatusOr<StatFields> stat = StatFields::Read();
  if (!stat.ok()) return stat.status();
  if (const uint64_t threads = stat->Field(20); threads != 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("a program cannot take the place of ", threads,
                     " threads: the others would go on running in its memory"));
  }
  auto auxiliary = ReadAuxiliary();
  if (!auxiliary.ok()) return auxiliary.status();
  process.auxiliary = *std::move(auxiliary);
  const ProcessArguments arguments = GetProcessArguments();
  if (arguments.argc == 0) {
    return absl::FailedPreconditionError(
        "the C library does not say where its stack began");
  }
  process.stack_end =
      RuntimeAddr(reinterpret_cast<uint64_t>(arguments.argv) - sizeof(void*));
  process.max_arguments = MaxArguments();
  process.start_code = stat->Field(26);
  process.end_code = stat->Field(27);
  process.start_data = stat->Field(45);
  process.end_data = stat->Field(46);
  process.start_brk = stat->Field(47);
  return process;
}

void ExecEntry(const ExecProcess& process, const std::string& name,
               const InitialStack& stack, RuntimeAddr entry) {
  ResetSignals();
  CloseDescriptors();
  prctl(PR_SET_NAME, name.c_str(), 0, 0, 0);
  ForgetThread();
  DescribeMemory(process, stack);
  relink_enter_program(stack.bytes.data(), stack.bytes.size(),
                       reinterpret_cast<void*>(stack.pointer.value()),
                       entry.value());
}

}  // namespace relink
