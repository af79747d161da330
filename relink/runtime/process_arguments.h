// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_PROCESS_ARGUMENTS_H_
#define RELINK_RUNTIME_PROCESS_ARGUMENTS_H_

namespace relink {

// What glibc passes to initialization functions.
struct ProcessArguments {
  int argc = 0;
  char** argv = nullptr;
  char** envp = nullptr;
};

// The arguments that this process was started with, from its initial stack, and
// its present environment. argc is 0 where ld.so does not say where that is.
ProcessArguments GetProcessArguments();

}  // namespace relink

#endif  // RELINK_RUNTIME_PROCESS_ARGUMENTS_H_
