// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_PROGRAM_H_
#define RELINK_LINK_PROGRAM_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/module_source.h"
#include "relink/map/mapping_backend.h"
#include "relink/runtime/exec_process.h"
#include "relink/runtime/initial_stack.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/address.h"

namespace relink {

// A program that is mapped, with its interpreter if it has one, and ready to
// take the place of the calling one: execve(2) without the kernel.
//
// Nothing of it is relocated: its interpreter does that, or, if it is linked
// statically, it does so itself. All that is changed is $ORIGIN in its search
// paths. Everything that can fail has happened once
// there is a Program; destroying it without starting it leaves nothing behind.
// For a process of one thread.
class Program {
 public:
  struct Options {
    // Null: the system's memory. Otherwise of this process, and it must outlive
    // the program.
    MappingBackend* backend = nullptr;
    // From argv[0] on; if there are none, the file's name.
    std::vector<std::string> arguments = {};
    // "NAME=value"; nothing: the process's own.
    std::optional<std::vector<std::string>> environment = {};
  };

  // InvalidArgument: malformed, a script, or nothing to start.  OutOfRange:
  // truncated.  Unimplemented: another machine, or pages (of a stack, too) that
  // are writable and executable.  NotFound: no such file or interpreter.
  // PermissionDenied: it may not be executed.  FailedPrecondition: its fixed
  // address is taken, it would run with more rights than its user, or other
  // threads exist.  ResourceExhausted: no memory, or arguments are too long.
  static absl::StatusOr<Program> Load(absl::string_view path, Options options);
  static absl::StatusOr<Program> Load(ModuleSource source, Options options);

  const std::string& name() const { return module().name(); }
  // What was added to its link addresses.
  uint64_t base() const { return image_.placed(kProgram).bias(); }
  // Where its own code begins.
  RuntimeAddr entry() const { return Entry(kProgram); }
  // Its program headers in memory; empty if no segment has them.
  RuntimeRange program_headers() const;

  // The file that relocates it, empty if it does so itself, and what was added
  // to that one's link addresses, 0 if there is none.
  const std::string& interpreter() const { return module().interpreter; }
  uint64_t interpreter_base() const;
  // What runs first: the interpreter's entry point, or the program's.
  RuntimeAddr start() const;

  // What it will find on its stack.
  const InitialStack& stack() const { return stack_; }

  // Becomes the program: descriptors that close on exec are closed, handlers of
  // signals are gone, the stack of the caller is overwritten. What the caller
  // has in buffers is not written, its exit handlers do not run, and its memory
  // stays mapped.
  [[noreturn]] void Start() &&;

 private:
  static constexpr ModuleId kProgram{0};
  static constexpr ModuleId kInterpreter{1};

  Program(LinkedImage image, ExecProcess process)
      : image_(std::move(image)), process_(std::move(process)) {}

  const Module& module() const { return image_.module(kProgram); }
  RuntimeAddr Entry(ModuleId id) const {
    return image_.placed(id).At(image_.module(id).entry);
  }
  absl::Status MakeStack(const Options& options);

  LinkedImage image_;
  ExecProcess process_;
  InitialStack stack_;
};

}  // namespace relink

#endif  // RELINK_LINK_PROGRAM_H_
