// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_DL_MODULES_H_
#define RELINK_DLFCN_DL_MODULES_H_

#include <dlfcn.h>
#include <link.h>

#include <cstdint>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "relink/link/library.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "relink/link/search_path_resolver.h"
#include "relink/runtime/host_dlfcn.h"

namespace relink {

// What was loaded through dlopen and dlmopen: contexts, one for each namespace,
// and handles, which are link maps, as the C library's are. Thread-safe.
class DlModules {
 public:
  struct Module {
    Library library;
    Lmid_t name_space;
  };
  // Who calls: a module of ours, or whoever has the address.
  struct Caller {
    const Module* module = nullptr;
    const void* address = nullptr;
  };
  enum class Closed : uint8_t { kDone, kNotOpen, kNotOurs };

  // One per process, because handles are. Never destroyed: threads may outlive
  // static destruction.
  static DlModules& Process();
  // The same, or null if nothing was loaded yet: then functions that memory
  // allocators call have no need of memory.
  static DlModules* IfAny();

  // A namespace without symbols but those that modules need, for the modules of
  // another.
  Lmid_t AddNamespace(Lmid_t maker);
  // Forgets such a namespace if none of its modules is left.
  void DropIfEmpty(Lmid_t id);
  // A context of an embedder's, for which `linker` loads; modules are given
  // `functions`. All must stay until Withdraw.
  //
  // AlreadyExists: it has one already.
  absl::Status Serve(Lmid_t id, LinkContext context, Linker& linker,
                     const HostDlfcn& functions);
  // Forgets it, and the namespaces that its modules made; closes what they left
  // open.
  void Withdraw(Lmid_t id);

  // A module for the program, or for who calls.
  //
  // Unavailable: the C library is to load it.  Otherwise, errors of Linker.
  absl::StatusOr<void*> Open(const std::string& file, int mode,
                             Lmid_t name_space, const Caller& caller);
  // Undoes one Open. Of a namespace of dlmopen's nothing is left after the
  // last.
  Closed Close(const void* handle);

  // The module that a handle means, open or not.
  std::optional<Module> FindHandle(const void* handle);
  // The module whose memory is there.
  std::optional<Module> FindByAddress(const void* address);
  // The one that was loaded with `module` and what that needs.
  Library RootOf(const Module& module);
  // That of a namespace, or the program's.
  LinkContext Context(Lmid_t name_space);
  // What the modules of a namespace have for dlopen and its like.
  const HostDlfcn& Functions(Lmid_t name_space);

  // What a handle of that library is; null if it has no image.
  static link_map* MapOf(const Library& library);

  // The definer of a symbol that somebody of the process's own found without a
  // handle stays for ever, as with ld.so.
  void Keep(const Module& definer);

  // Where a search on behalf of `library` looks, in order.
  std::vector<std::string> SearchDirectories(const Library& library) const;

  // Runs the finalization functions of all, as at the end of the process.
  void FinalizeAll();

 private:
  struct Namespace {
    Lmid_t id;
    Lmid_t maker;  // Itself if nobody made it.
    LinkContext context;
    Linker* linker;
    const HostDlfcn* functions;
  };
  struct Handle {
    Module module;
    uint32_t count;  // How often it is open.
  };

  DlModules();

  std::vector<Namespace> Namespaces();
  // That one, or nothing.
  std::optional<Namespace> Find(Lmid_t id);

  SearchPathResolver resolver_;
  Linker linker_;
  // Guards what follows. Not held while anything is loaded or unloaded.
  std::shared_mutex mutex_;
  std::vector<Namespace> namespaces_;  // The program's first.
  Lmid_t next_namespace_;
  absl::flat_hash_map<const void*, Handle> handles_;
  std::vector<Library> kept_;
};

// What ld.so says of a handle that is Closed::kNotOpen.
std::string NotOpenText(const void* handle);

}  // namespace relink

#endif  // RELINK_DLFCN_DL_MODULES_H_
