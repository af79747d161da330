// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_LAZY_BINDER_H_
#define RELINK_RELOC_LAZY_BINDER_H_

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/arch/target.h"
#include "relink/reloc/bound_module.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/symbol_binder.h"
#include "relink/reloc/vector_state.h"

namespace relink {

class LazyBinder;

// What the second word of a module's GOT refers to. The trampolines
// (lazy_trampoline_x86_64.S) read the first two members.
struct LazyLink {
  uint64_t save_size;
  uint64_t features;
  const LazyBinder* binder;
  BoundModule* module;
  const Target* target;
};

// Binds functions when they are called for the first time (psABI, "Procedure
// Linkage Table"), for the modules of one load.
//
// Relocate fills the slots if a BindingContext refers to one of these; which
// modules and slots can wait, lazy_slots.h says. From then on code of the image
// may call it at any time, from any thread, signal handlers included: it must
// outlive the image's last instruction, finalization functions included, and so
// must the bound modules of the load and everything else that the scopes view.
class LazyBinder {
 public:
  // Told why a call cannot go on ("libfoo.so: undefined symbol: f@V1").
  using FailureHandler = std::function<void(const absl::Status&)>;

  struct Options {
    // Own what the scopes view and the load does not own itself.
    std::vector<std::shared_ptr<const void>> keep_alive = {};
    // If it returns, or is null, the process ends with a message on standard
    // error, as ld.so ends it: a call has no other way to fail. Thread-safe.
    FailureHandler on_failure = nullptr;
    // How the trampoline saves registers.
    VectorState vector_state = HostVectorState();
  };

  // Copies the scopes and overrides of `context`, but not what they view, with
  // `find_undefined` and `on_bound`, which must be thread-safe. Leaves out
  // `find_unique`: what is unique in a process is data, not code.
  LazyBinder(const BindingContext& context, Options options);
  LazyBinder(const LazyBinder&) = delete;
  LazyBinder& operator=(const LazyBinder&) = delete;

  // The second and third word of the GOT of `module`, whose relocations are
  // those of `target`. While it is loaded, by one thread.
  struct Entry {
    uint64_t link;
    uint64_t trampoline;
  };
  Entry Attach(BoundModule& module, const Target& target);

  // Binds the slot that relocation `index` of DT_JMPREL is about, stores the
  // address there and returns it. Thread-safe; does not allocate memory unless
  // it fails. NotFound: nothing defines the symbol.  InvalidArgument: there is
  // no such slot.
  absl::StatusOr<uint64_t> Bind(const LazyLink& link, uint64_t index) const;

  // Ends the process, unless the handler knows better than to return.
  [[noreturn]] void Fail(const absl::Status& status) const;

 private:
  std::vector<const ScopeMember*> first_;
  std::vector<const ScopeMember*> global_;
  std::vector<const ScopeMember*> local_;
  std::vector<SymbolOverride> overrides_;
  BindingContext context_;
  Options options_;
  std::deque<LazyLink> links_;
};

// One of these; null if Relink is built with --//relink:lazy_binding=false, and
// everything is to be bound at once.
std::unique_ptr<LazyBinder> MakeLazyBinder(const BindingContext& context,
                                           LazyBinder::Options options);

}  // namespace relink

#endif  // RELINK_RELOC_LAZY_BINDER_H_
