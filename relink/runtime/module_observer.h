// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_MODULE_OBSERVER_H_
#define RELINK_RUNTIME_MODULE_OBSERVER_H_

#include "relink/runtime/init_functions.h"
#include "relink/runtime/process_arguments.h"

namespace relink {

class LoadedModule;

// Sees modules live and die, and calls their functions. By default as ld.so
// does. Must outlive the modules that it was given.
class ModuleObserver {
 public:
  virtual ~ModuleObserver() = default;

  // Runs the initialization functions of a module, after those of what it
  // needs; whoever overrides it may leave some out, or do something before or
  // after.
  virtual void CallInit(const LoadedModule& /*module*/,
                        const InitFunctions& functions,
                        const ProcessArguments& arguments) {
    RunInit(functions, arguments);
  }
  // Runs its finalization functions, before those of what it needs.
  virtual void CallFini(const LoadedModule& /*module*/,
                        const InitFunctions& functions) {
    RunFini(functions);
  }
  // Nobody uses it any more; its memory may go from now on.
  virtual void OnUnload(const LoadedModule& /*module*/) {}
};

}  // namespace relink

#endif  // RELINK_RUNTIME_MODULE_OBSERVER_H_
