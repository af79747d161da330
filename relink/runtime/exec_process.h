// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_EXEC_PROCESS_H_
#define RELINK_RUNTIME_EXEC_PROCESS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/runtime/initial_stack.h"
#include "relink/support/address.h"

// What execve(2) does to a process, but for mapping its program: in two halves,
// one that can fail and changes nothing, and one that cannot and does not
// return.
namespace relink {

// The calling process, as far as a program that takes its place needs it.
struct ExecProcess {
  // What the kernel gave this process, with the present ids of its user.
  std::vector<AuxiliaryEntry> auxiliary;
  // Where its initial stack pointer was: what lies below is in use by nobody
  // but the functions that are running.
  RuntimeAddr stack_end;
  // Bytes that arguments and environment may take together.
  uint64_t max_arguments = 0;
  // PR_SET_MM needs all of these at once; mm_struct's.
  uint64_t start_code = 0, end_code = 0;
  uint64_t start_data = 0, end_data = 0;
  uint64_t start_brk = 0;

  // FailedPrecondition: other threads exist, or there is no /proc.
  static absl::StatusOr<ExecProcess> Read();
};

// The process becomes that of another program: handlers of signals and their
// stack are gone, descriptors with FD_CLOEXEC are closed, and nothing of the C
// library's registrations with the kernel stays. The process is called `name`,
// and ps shows the arguments of `stack`, where the kernel allows it. Then
// `entry` is entered.
//
// REQUIRES: no other thread exists.
[[noreturn]] void ExecEntry(const ExecProcess& process, const std::string& name,
                            const InitialStack& stack, RuntimeAddr entry);

}  // namespace relink

#endif  // RELINK_RUNTIME_EXEC_PROCESS_H_
