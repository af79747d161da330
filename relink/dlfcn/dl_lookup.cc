// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_lookup.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/dlfcn/dl_error.h"
#include "relink/dlfcn/dl_modules.h"
#include "relink/reloc/scope.h"
#include "relink/runtime/host_dlfcn.h"
#include "relink/support/status.h"

namespace relink {
namespace {

SymbolName NameOf(const DlLookup& lookup) {
  return SymbolName(Ref(lookup.name));
}

void* FindInLibrary(const Library& library, const DlLookup& lookup) {
  return lookup.version == nullptr
             ? library.Find(NameOf(lookup))
             : library.FindVersion(NameOf(lookup), lookup.version);
}

void* FindInContext(const LinkContext& context, const DlLookup& lookup) {
  return lookup.version == nullptr
             ? context.FindSymbol(NameOf(lookup))
             : context.FindSymbol(NameOf(lookup), lookup.version);
}

// As the C library answers, asked by this very library.
void* FindInHost(const DlLookup& lookup, void* handle) {
  return lookup.version == nullptr
             ? Host().dlsym(handle, lookup.name)
             : Host().dlvsym(handle, lookup.name, lookup.version);
}

// In the modules after `from` in the order in which they were loaded, as ld.so
// does (dlsym(3), RTLD_NEXT).
void* FindAfter(const Library& root, const ScopeMember& from,
                const DlLookup& lookup) {
  Scope scope = root.module()->scope().members();
  const auto at = std::ranges::find(scope, &from);
  if (at != scope.end()) {
    scope = scope.subspan(static_cast<size_t>(at - scope.begin()) + 1);
  }
  const SymbolName name = NameOf(lookup);
  Definition found;
  if (lookup.version != nullptr) {
    found = FindVersion(scope, name, Ref(lookup.version));
  } else {
    elf::Definitions<NativeElf>::Request request;
    request.newest = true;
    request.skip_undefined = true;
    found = FindInScope(scope, name, request);
  }
  return found.owner == nullptr ? nullptr : AddressForCaller(found);
}

// What modules have in place of a function of the C library, if `found` is one.
void* InPlaceOf(void* found, const HostDlfcn& functions) {
  const auto is = [found](auto* function) {
    return found == reinterpret_cast<void*>(function);
  };
  const auto address = [](auto* function) {
    return reinterpret_cast<void*>(function);
  };
  const HostDlfcn& host = Host();
  if (is(host.dlopen)) return address(functions.dlopen);
  if (is(host.dlmopen)) return address(functions.dlmopen);
  if (is(host.dlclose)) return address(functions.dlclose);
  if (is(host.dlsym)) return address(functions.dlsym);
  if (is(host.dlvsym)) return address(functions.dlvsym);
  if (is(host.dlerror)) return address(functions.dlerror);
  if (is(host.dlinfo)) return address(functions.dlinfo);
  if (is(host.dladdr)) return address(functions.dladdr);
  if (is(host.dladdr1)) return address(functions.dladdr1);
  if (is(host.dl_iterate_phdr)) return address(functions.dl_iterate_phdr);
  return found;
}

void* Missing(absl::string_view module, const DlLookup& lookup) {
  std::string text = absl::StrCat(module, ": undefined symbol: ", lookup.name);
  if (lookup.version != nullptr) {
    absl::StrAppend(&text, ", version ", lookup.version);
  }
  SetDlError(text);
  return nullptr;
}

// RTLD_DEFAULT: what is global, then what the caller was loaded with.
std::optional<void*> FindDefault(DlModules& modules,
                                 const std::optional<DlModules::Module>& caller,
                                 Lmid_t name_space, const DlLookup& lookup) {
  if (name_space == LM_ID_BASE) {
    if (void* found = FindInHost(lookup, RTLD_DEFAULT)) return found;
  }
  if (void* found = FindInContext(modules.Context(name_space), lookup)) {
    Host().dlerror();
    if (caller.has_value() || lookup.given_to != LM_ID_BASE) return found;
    if (const auto definer = modules.FindByAddress(found)) {
      modules.Keep(*definer);
    }
    return found;
  }
  if (!caller.has_value()) return std::nullopt;
  if (void* found = FindInLibrary(modules.RootOf(*caller), lookup)) {
    Host().dlerror();
    return found;
  }
  return Missing(caller->library.name(), lookup);
}

// As the C library's, or ours, may say it: `caller` is in `name_space`.
std::optional<void*> FindAny(DlModules& modules,
                             const std::optional<DlModules::Module>& caller,
                             Lmid_t name_space, const DlLookup& lookup) {
  if (lookup.handle == RTLD_DEFAULT) {
    return FindDefault(modules, caller, name_space, lookup);
  }
  if (lookup.handle == RTLD_NEXT) {
    if (!caller.has_value()) return std::nullopt;
    void* const found = FindAfter(modules.RootOf(*caller),
                                  caller->library.module()->member(), lookup);
    return found != nullptr ? found : Missing(caller->library.name(), lookup);
  }
  if (lookup.handle == _r_debug.r_map) {
    // The program, and what is global with it.
    return FindDefault(modules, std::nullopt, name_space, lookup);
  }
  const auto module = modules.FindHandle(lookup.handle);
  if (!module.has_value()) {
    // A library of the process's own.
    if (!caller.has_value() && name_space == LM_ID_BASE) return std::nullopt;
    void* const found = FindInHost(lookup, lookup.handle);
    return found == nullptr ? std::nullopt : std::optional<void*>(found);
  }
  void* const found = FindInLibrary(module->library, lookup);
  return found != nullptr ? found : Missing(module->library.name(), lookup);
}

}  // namespace

std::optional<void*> Find(const DlLookup& lookup) {
  DlModules* const modules = DlModules::IfAny();
  if (modules == nullptr) return std::nullopt;
  const auto caller = modules->FindByAddress(lookup.caller);
  const Lmid_t name_space =
      caller.has_value() ? caller->name_space : lookup.given_to;
  const auto found = FindAny(*modules, caller, name_space, lookup);
  if (!found.has_value() || *found == nullptr) return found;
  // libc is among what modules need: nothing of it may lead out of here.
  return InPlaceOf(*found, modules->Functions(name_space));
}

}  // namespace relink
