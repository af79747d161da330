// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LOADER_H_
#define RELINK_LINK_LOADER_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/link/library.h"
#include "relink/link/observer.h"
#include "relink/link/pipeline.h"
#include "relink/link/resolver.h"
#include "relink/map/mapping_backend.h"
#include "relink/reloc/tls_provider.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/live_image.h"

namespace relink {

// Loads modules with their dependencies into this process.
//
// One load goes all the way or leaves nothing behind: no mapping, no open file,
// no registered frame, no thread state. Nothing of a file is executed before
// all of its relocations are applied: ifunc resolvers run then, and
// initialization functions last.
//
// Symbols are looked up as after dlopen(RTLD_NOW | RTLD_LOCAL): first in the
// program and what it started with, then in the module and what it needs. What
// the process already has (libc, libstdc++, ld.so, libraries it opened) is
// used, not loaded again.
//
// Thread-safe; loads through one Loader take turns.
class Loader {
 public:
  struct Options {
    // All null by default, for the system's memory, the usual search, nobody
    // watching, and no passes. Each must outlive the loader, and the backend
    // what it loads.
    MappingBackend* backend = nullptr;
    Resolver* resolver = nullptr;
    Observer* observer = nullptr;
    // Null also takes the passes that RELINK_PASSES names in the environment.
    const Pipeline* pipeline = nullptr;
    // Where to put modules that can move, if there is room; 0 for anywhere.
    RuntimeAddr hint = {};
  };

  Loader();
  explicit Loader(Options options);
  ~Loader();

  // Loads a shared object.
  // InvalidArgument: malformed, or an executable.  Unimplemented: needs
  // something that Relink does not do.  NotFound: no such file, dependency or
  // symbol. ResourceExhausted: no memory or static TLS.
  absl::StatusOr<Library> LoadDylib(absl::string_view path);
  absl::StatusOr<Library> LoadDylib(ModuleSource source);

  // Loads an executable, position-independent or not, as a module to call into:
  // its initialization functions run, its entry point does not.
  // InvalidArgument: as above, or a shared object.  FailedPrecondition: its
  // fixed address is taken.
  absl::StatusOr<Library> LoadExec(absl::string_view path);
  absl::StatusOr<Library> LoadExec(ModuleSource source);

  // Loads relocatable objects (ET_REL) as one library, with what they need of
  // archives, and with shared objects, which are loaded as dependencies: see
  // ScanObjects. An undefined symbol may be the process's own, or one of
  // theirs. InvalidArgument: malformed, or a symbol is defined twice.
  // Unimplemented: needs something that Relink does not do.  NotFound: no such
  // file, dependency or symbol.  OutOfRange: a reference cannot reach what it
  // is to. ResourceExhausted: no memory or static TLS.
  absl::StatusOr<Library> LoadObject(absl::string_view path);
  absl::StatusOr<Library> LoadObject(ModuleSource source);
  absl::StatusOr<Library> LoadObjects(std::vector<ModuleSource> sources);

  // Whichever of them the file is.
  absl::StatusOr<Library> Load(absl::string_view path);
  absl::StatusOr<Library> Load(ModuleSource source);

  // As Load, with the passes of `pipeline` instead of the loader's own.
  absl::StatusOr<Library> LoadScanFirst(absl::string_view path,
                                        const Pipeline& pipeline);
  absl::StatusOr<Library> LoadScanFirst(ModuleSource source,
                                        const Pipeline& pipeline);

  // Everything but the last step: relocated and protected, but invisible, and
  // no initialization function has run. For tools that look at images.
  absl::StatusOr<BoundImage> Link(ModuleSource source);

 private:
  enum class Expect : uint8_t { kDylib, kExec, kEither };

  absl::StatusOr<Library> LoadAs(absl::StatusOr<ModuleSource> source,
                                 Expect expect, const Pipeline* pipeline);
  absl::StatusOr<BoundImage> LinkAs(ModuleSource source, Expect expect,
                                    const Pipeline* pipeline);
  absl::StatusOr<Library> Commit(absl::StatusOr<BoundImage> bound);
  // Links what `scan` finds.
  using Scan = absl::FunctionRef<absl::StatusOr<LinkGraph>()>;
  absl::StatusOr<BoundImage> LinkGraphOf(Scan scan, const Pipeline* pipeline);
  static absl::Status CheckKind(const Module& module, Expect expect);

  Options options_;
  std::unique_ptr<Resolver> default_resolver_;
  // Nothing if it names none, or was not asked.
  absl::StatusOr<std::optional<Pipeline>> environment_pipeline_ = std::nullopt;
  TlsProvider& tls_;
  std::mutex mutex_;  // Guards host_.
  HostModules host_;
};

}  // namespace relink

#endif  // RELINK_LINK_LOADER_H_
