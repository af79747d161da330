// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LINK_CONTEXT_H_
#define RELINK_LINK_LINK_CONTEXT_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/elf/symbol_name.h"
#include "relink/link/library.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/module_store.h"

namespace relink {

// Modules that know each other: what is loaded into a context is loaded there
// once, and what one module makes global, later ones find. Contexts share
// nothing but the process and what both are given.
//
// Copies are the same context. It lives as long as they or any of its
// libraries. Thread-safe.
class LinkContext {
 public:
  struct Options {
    // Whether references see all symbols of the program and what it started
    // with, as after dlopen; otherwise only what modules need by name.
    bool process_scope = true;
  };

  // Who finds the symbols of a synthetic module.
  enum class Reach : uint8_t {
    kNeeded,  // Modules that need its soname.
    kGlobal,  // All later modules, if the process does not have them.
    kFirst,   // All later modules, before anything else.
  };

  LinkContext() : LinkContext(Options()) {}
  explicit LinkContext(Options options);

  // Adds host functions and data.
  // AlreadyExists: a module of that soname is there.
  absl::Status Add(std::shared_ptr<const SyntheticModule> module,
                   Reach reach = Reach::kNeeded);

  // Lets modules that are loaded later use one of another context.
  void Share(const Library& library);

  // All that are loaded, in that order.
  std::vector<Library> libraries() const;
  // The one with that soname or name.
  std::optional<Library> Find(absl::string_view name) const;
  // The one whose memory is there.
  std::optional<Library> FindByAddress(const void* address) const;

  // The symbol that a module without needs would be bound to; null if there is
  // none. As dlsym(RTLD_DEFAULT).
  void* FindSymbol(const elf::SymbolName& name) const;
  // The same with that version, hidden or not. As dlvsym(RTLD_DEFAULT).
  void* FindSymbol(const elf::SymbolName& name,
                   absl::string_view version) const;

  // Makes the symbols of a library, and of what it needs, visible to modules
  // that are loaded later, as dlopen(RTLD_GLOBAL | RTLD_NOLOAD).
  void MakeGlobal(const Library& library);

  // Runs the finalization functions of all, as at the end of the process.
  // Nothing is unloaded, but nothing may be used any more.
  void FinalizeAll();

 private:
  friend class Linker;

  struct State {
    explicit State(Options state_options) : options(state_options) {}
    Options options;
    std::shared_ptr<ModuleStore> store = ModuleStore::Create();
    // Locked with the store.
    std::vector<ModuleRef> synthetic;
    std::vector<const ScopeMember*> first;
  };

  // What is searched for a module without needs; `host` must outlive it.
  std::vector<const ScopeMember*> DefaultScope(const HostModules& host) const;

  std::shared_ptr<State> state_;
};

}  // namespace relink

#endif  // RELINK_LINK_LINK_CONTEXT_H_
