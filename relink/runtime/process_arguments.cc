// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/process_arguments.h"

#include <unistd.h>

#include <cstdint>

// ld.so's record of the initial stack pointer: argc lies there, argv after it
// (psABI, "Process Initialization").
extern "C" __attribute__((weak)) void* __libc_stack_end;

namespace relink {

ProcessArguments GetProcessArguments() {
  ProcessArguments arguments;
  static char* no_arguments[] = {nullptr};
  arguments.argv = no_arguments;
  if (&__libc_stack_end != nullptr && __libc_stack_end != nullptr) {
    auto* stack = static_cast<intptr_t*>(__libc_stack_end);
    arguments.argc = static_cast<int>(*stack);
    arguments.argv = reinterpret_cast<char**>(stack + 1);
  }
  arguments.envp = environ;
  return arguments;
}

}  // namespace relink
