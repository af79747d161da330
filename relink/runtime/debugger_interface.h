// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_DEBUGGER_INTERFACE_H_
#define RELINK_RUNTIME_DEBUGGER_INTERFACE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace relink {

// When debuggers are told of an image.
enum class TellDebugger : uint8_t {
  kNever,
  // If one watches as it is loaded; otherwise it costs nothing.
  kIfWatching,
  // Always, so that one that attaches later knows it, too. The files of modules
  // are read to the end.
  kAlways,
};

// Whether a debugger watches the list below: it put its breakpoint there.
bool DebuggerIsWatching();

// Shows an ELF file in memory to debuggers through the interface for compilers
// at run time (GDB manual, "JIT Compilation Interface"), which LLDB has, too;
// undone when destroyed. Thread-safe.
class DebuggerRegistration {
 public:
  explicit DebuggerRegistration(std::vector<std::byte> file);
  DebuggerRegistration(DebuggerRegistration&&) noexcept;
  DebuggerRegistration& operator=(DebuggerRegistration&&) = delete;
  ~DebuggerRegistration();

 private:
  struct Entry;
  std::unique_ptr<Entry> entry_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_DEBUGGER_INTERFACE_H_
