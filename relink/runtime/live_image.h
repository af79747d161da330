// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_LIVE_IMAGE_H_
#define RELINK_RUNTIME_LIVE_IMAGE_H_

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/reloc/bound_module.h"
#include "relink/reloc/lazy_binder.h"
#include "relink/reloc/tls_provider.h"
#include "relink/runtime/debugger_interface.h"
#include "relink/runtime/frame_registration.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/init_functions.h"
#include "relink/runtime/module_registry.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// A relocated image with what its symbols are bound to: everything Commit
// needs. The host modules stay loaded for as long as it lives.
struct BoundImage {
  // Declared so that destruction goes from the last to the first.
  std::shared_ptr<const HostModules> host;  // What it was bound in.
  std::vector<std::shared_ptr<void>> pins;  // Keep loaded what it needs of it.
  LinkedImage image;
  std::vector<BoundModule> modules;  // By ModuleId.
  // The root and what it needs, breadth-first.
  std::vector<const ScopeMember*> local_scope;
  std::vector<ModuleId> init_order;      // Dependencies first.
  std::vector<InitFunctions> functions;  // By ModuleId; Commit fills it.
  // What BindingContext::lazy was; null if everything is bound. No code of the
  // image runs any more when it goes.
  std::unique_ptr<LazyBinder> lazy_binder = nullptr;
};

// An image that the process can see: unwinding works and thread-local storage
// is there, so that initialization functions can run. Destroying it takes
// everything back.
class LiveImage {
 public:
  // The only step with effects outside of the image. Checks first, so that an
  // error leaves nothing behind. `tls` must outlive the image.
  //
  // InvalidArgument: an initialization function is not in an executable
  // segment, or .eh_frame_hdr is malformed.  FailedPrecondition: the image
  // cannot run in this process.
  static absl::StatusOr<std::shared_ptr<LiveImage>> Commit(
      BoundImage bound, TlsProvider& tls,
      TellDebugger debugger = TellDebugger::kIfWatching);
  ~LiveImage();
  LiveImage(const LiveImage&) = delete;
  LiveImage& operator=(const LiveImage&) = delete;

  const LinkedImage& image() const { return bound_.image; }
  const std::vector<BoundModule>& modules() const { return bound_.modules; }
  Scope local_scope() const { return bound_.local_scope; }
  TlsProvider& tls() const { return tls_; }
  // Those of a module, checked.
  const InitFunctions& functions(ModuleId id) const {
    return bound_.functions[id.index()];
  }

 private:
  LiveImage(BoundImage bound, TlsProvider& tls)
      : bound_(std::move(bound)), tls_(tls) {}

  // Tells the unwinder of tables that it does not find by itself.
  void RegisterFrames();

  BoundImage bound_;
  TlsProvider& tls_;
  std::optional<ModuleRegistration> registration_;
  std::vector<FrameRegistration> frames_;
  std::vector<DebuggerRegistration> debugger_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_LIVE_IMAGE_H_
