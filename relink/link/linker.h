// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LINKER_H_
#define RELINK_LINK_LINKER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/link_context.h"
#include "relink/link/link_group.h"
#include "relink/link/observer.h"
#include "relink/link/pipeline.h"
#include "relink/link/resolver.h"
#include "relink/map/mapping_backend.h"
#include "relink/reloc/lazy_binder.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/tls_provider.h"
#include "relink/runtime/debugger_interface.h"
#include "relink/runtime/host_modules.h"
#include "relink/support/address.h"

namespace relink {

// How one module is loaded.
struct LoadOptions {
  // What the file must be.
  RootKind kind = RootKind::kEither;
  // Its symbols, and those of what it needs, are visible to modules that are
  // loaded later into the context (RTLD_GLOBAL).
  bool global = false;
  // It sees its own symbols and those of what it needs before all that is
  // global (RTLD_DEEPBIND).
  bool deep_bind = false;
  // Functions are bound when they are first called, where a module was linked
  // for that (RTLD_LAZY), unless LD_BIND_NOW is in the environment or Relink is
  // built with --//relink:lazy_binding=false. Keeps all that it may be bound
  // to. Who calls what nothing defines ends the process.
  bool lazy = false;
  // It is never unloaded (RTLD_NODELETE).
  bool keep = false;
  // Only if it is there already (RTLD_NOLOAD).
  bool only_if_loaded = false;
  // Searched after what it needs.
  std::vector<Library> last_scope = {};
  // Instead of the linker's passes; null for those.
  const Pipeline* pipeline = nullptr;
  // Who asks: its DT_RPATH and DT_RUNPATH count for names without a slash.
  std::optional<Library> caller = {};
  // The same of a module of the process's own; null for nobody. Instead of
  // `caller`.
  HostModules::Entry host_caller = {};
};

// Loads modules, with what they need, into contexts of this process.
//
// One load goes all the way or leaves nothing behind: no mapping, no open file,
// no registered frame, no thread state. Nothing of a file is executed before
// all of its relocations are applied: ifunc resolvers run then, and
// initialization functions last, each module's after those of what it needs.
//
// Symbols are looked up as ld.so does: first in the program and what it started
// with, then in what the context has made global, then in the root of the load
// and what it needs, breadth-first. What the process already has (libc,
// libstdc++, ld.so, libraries it opened) is used, not loaded again.
//
// Thread-safe. Loads into different contexts run at the same time, but for
// their passes, which take turns; loads into one context take turns, and
// functions that are called by them may load again.
class Linker {
 public:
  struct Options {
    // All null by default, for the system's memory, the usual search, nobody
    // watching, and no passes. Each must outlive the linker, and backend, `tls`
    // and observer what it loads.
    MappingBackend* backend = nullptr;
    Resolver* resolver = nullptr;
    Observer* observer = nullptr;
    // Null also takes the passes that RELINK_PASSES names in the environment.
    const Pipeline* pipeline = nullptr;
    // Where to put modules that can move, if there is room; 0 for anywhere.
    RuntimeAddr hint = {};
    // Offered every relocation before and after it is applied.
    RelocationHandler* relocation_handler = nullptr;
    // Supplies what nothing defines; without, that is an error that lists all
    // of it. Thread-safe.
    UndefinedSymbolHandler find_undefined = nullptr;
    // Told why a call cannot go on that was left to be bound (see
    // LoadOptions::lazy); if it returns, the process ends. It may throw into
    // the caller, if that was compiled for exceptions. Thread-safe.
    LazyBinder::FailureHandler on_lazy_failure = nullptr;
    // Where thread-local storage comes from; null for Relink's own (see
    // ThreadLocalStorage). Modules that refer to each other's must have it from
    // the same.
    TlsProvider* tls = nullptr;
    // Whether gdb gets to see what is loaded.
    TellDebugger debugger = TellDebugger::kIfWatching;
  };

  Linker() : Linker(Options()) {}
  explicit Linker(Options options);
  ~Linker();
  Linker(const Linker&) = delete;
  Linker& operator=(const Linker&) = delete;

  // Loads the module called `name` unless the context has it: a path if there
  // is a slash in it, otherwise whatever the resolver finds.
  //
  // InvalidArgument: malformed, or not of the kind that was asked for.
  // Unimplemented: needs something that Relink does not do.  NotFound: no such
  // file, dependency or symbol.  FailedPrecondition: its fixed address is
  // taken.  ResourceExhausted: no memory or static TLS.
  absl::StatusOr<Library> Load(const LinkContext& context,
                               absl::string_view name,
                               const LoadOptions& options = {});
  absl::StatusOr<Library> Load(const LinkContext& context, ModuleSource source,
                               const LoadOptions& options = {});

  // Loads relocatable objects as one module, with what they need of archives,
  // and with shared objects, which are loaded as dependencies (see
  // ScanObjects). It is called after the first.
  //
  // As Load, and InvalidArgument: a symbol is defined twice.  OutOfRange: a
  // reference cannot reach what it is to.
  absl::StatusOr<Library> LoadObjects(const LinkContext& context,
                                      std::vector<ModuleSource> sources,
                                      const LoadOptions& options = {});

  // Everything but the last step: relocated and protected, but invisible, and
  // no initialization function has run. For tools that look at images.
  absl::StatusOr<BoundImage> Link(ModuleSource source,
                                  const LoadOptions& options = {});

 private:
  absl::StatusOr<LinkedGroup> LinkRoot(std::vector<ModuleSource> sources,
                                       const LinkContext* context,
                                       const LoadOptions& options);
  absl::StatusOr<Resolution> ResolveRoot(absl::string_view name,
                                         const LoadOptions& options);
  absl::StatusOr<Library> LoadNew(const LinkContext& context,
                                  std::vector<ModuleSource> sources,
                                  const LoadOptions& options);
  Library Use(const LinkContext& context, LoadedModule& module,
              const LoadOptions& options);

  Options options_;
  std::unique_ptr<Resolver> default_resolver_;
  // Nothing if it names none, or was not asked.
  absl::StatusOr<std::optional<Pipeline>> environment_pipeline_ = std::nullopt;
  TlsProvider& tls_;
  std::mutex passes_mutex_;
};

}  // namespace relink

#endif  // RELINK_LINK_LINKER_H_
