// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_modules.h"

#include <algorithm>
#include <atomic>
#include <iterator>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/dlfcn/host_libraries.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/runtime/host_dlfcn.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/module_queries.h"
#include "relink/runtime/module_registry.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Namespaces of ours are told from the C library's by their numbers.
constexpr Lmid_t kFirstNamespace = 0x10000;

constinit std::atomic<DlModules*> process = nullptr;

// The functions that are called by these names, of librelink_dl.so if that was
// preloaded.
constexpr HostDlfcn kVisible = {.dlopen = ::dlopen,
                                .dlmopen = ::dlmopen,
                                .dlclose = ::dlclose,
                                .dlsym = ::dlsym,
                                .dlvsym = ::dlvsym,
                                .dlerror = ::dlerror,
                                .dlinfo = ::dlinfo,
                                .dladdr = FindAddress,
                                .dladdr1 = FindAddressAndMore,
                                .dl_iterate_phdr = IterateProgramHeaders};

// For modules that would find the C library's first: with RTLD_DEEPBIND, in
// namespaces of their own, and where librelink_dl.so was not preloaded.
absl::Status AddFunctions(LinkContext& context, const HostDlfcn& functions) {
  SyntheticModule::Builder builder("librelink_dl.so");
  builder.Add("dlopen", functions.dlopen)
      .Add("dlmopen", functions.dlmopen)
      .Add("dlclose", functions.dlclose)
      .Add("dlsym", functions.dlsym)
      .Add("dlvsym", functions.dlvsym)
      .Add("dlerror", functions.dlerror)
      .Add("dlinfo", functions.dlinfo)
      .Add("dladdr", functions.dladdr)
      .Add("dladdr1", functions.dladdr1)
      .Add("dl_iterate_phdr", functions.dl_iterate_phdr);
  ASSIGN_OR_RETURN(auto module, std::move(builder).Build());
  return context.Add(std::move(module), LinkContext::Reach::kFirst);
}

LinkContext MakeContext(bool process_scope, const HostDlfcn& functions) {
  LinkContext context({.process_scope = process_scope});
  // A new context has no other module of that name.
  AddFunctions(context, functions).IgnoreError();
  return context;
}

// The module of the process's own that has the address; null if none has.
HostModules::Entry HostModuleAt(const void* address) {
  Dl_info info;
  link_map* map = nullptr;
  if (address == nullptr ||
      Host().dladdr1(address, &info, reinterpret_cast<void**>(&map),
                     RTLD_DL_LINKMAP) == 0 ||
      map == nullptr) {
    return nullptr;
  }
  const auto host = HostModules::Current();
  for (const HostModules::Entry& module : host->modules()) {
    if (module->path == map->l_name) return module;
  }
  return nullptr;
}

// Whether the process has `file` without us, or the C library has loaded it
// meanwhile: it compares files, not names.
bool HostHas(const std::string& file) {
  void* const handle = Host().dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return false;
  Host().dlclose(handle);
  return true;
}

// Whether it is the link map of a module that Relink loaded.
bool IsMap(const void* handle) {
  return ModuleRegistry::Process().ForEach(
             [&](const RegisteredModule& module,
                 const ModuleRegistry::Counters&) {
               return &module.map == handle ? 1 : 0;
             }) != 0;
}

LoadOptions OptionsOf(absl::string_view file, int mode,
                      const DlModules::Caller& caller) {
  LoadOptions options;
  options.kind = RootKind::kDylib;
  options.global = (mode & RTLD_GLOBAL) != 0;
  options.deep_bind = (mode & RTLD_DEEPBIND) != 0;
  options.keep = (mode & RTLD_NODELETE) != 0;
  options.only_if_loaded = (mode & RTLD_NOLOAD) != 0;
  if (caller.module != nullptr) {
    options.caller = caller.module->library;
  } else if (!absl::StrContains(file, '/')) {
    options.host_caller = HostModuleAt(caller.address);
  }
  return options;
}

}  // namespace

DlModules& DlModules::Process() {
  static DlModules& modules = *new DlModules();
  process.store(&modules, std::memory_order_release);
  return modules;
}

DlModules* DlModules::IfAny() {
  return process.load(std::memory_order_acquire);
}

DlModules::DlModules()
    : linker_({.resolver = &resolver_}), next_namespace_(kFirstNamespace) {
  for (const absl::string_view name : kHostLibraries) {
    resolver_.Set(name, ThroughDlopen{std::string(name)});
  }
  namespaces_.push_back({LM_ID_BASE, LM_ID_BASE, MakeContext(true, kVisible),
                         &linker_, &kVisible});
}

Lmid_t DlModules::AddNamespace(Lmid_t maker) {
  const auto made_by = Find(maker);
  Linker* const linker = made_by.has_value() ? made_by->linker : &linker_;
  const HostDlfcn* const functions =
      made_by.has_value() ? made_by->functions : &kVisible;
  LinkContext context = MakeContext(false, *functions);
  std::unique_lock lock(mutex_);
  namespaces_.push_back(
      {next_namespace_, maker, std::move(context), linker, functions});
  return next_namespace_++;
}

absl::Status DlModules::Serve(Lmid_t id, LinkContext context, Linker& linker,
                              const HostDlfcn& functions) {
  RETURN_IF_ERROR(AddFunctions(context, functions));
  std::unique_lock lock(mutex_);
  namespaces_.push_back({id, id, std::move(context), &linker, &functions});
  return absl::OkStatus();
}

void DlModules::Withdraw(Lmid_t id) {
  // Declared first: unloading is for when the lock is free.
  std::vector<Namespace> withdrawn;
  std::vector<Handle> left_open;
  std::unique_lock lock(mutex_);
  const auto keep = std::ranges::stable_partition(
      namespaces_, [id](const Namespace& known) { return known.maker != id; });
  withdrawn.assign(std::move_iterator(keep.begin()),
                   std::move_iterator(keep.end()));
  namespaces_.erase(keep.begin(), keep.end());
  for (auto at = handles_.begin(); at != handles_.end();) {
    const auto handle = at++;
    const Lmid_t its = handle->second.module.name_space;
    if (std::ranges::find(withdrawn, its, &Namespace::id) == withdrawn.end()) {
      continue;
    }
    left_open.push_back(std::move(handle->second));
    handles_.erase(handle);
  }
}

void DlModules::DropIfEmpty(Lmid_t id) {
  const auto found = Find(id);
  // Asked without the lock: a load that has its own may want that.
  if (!found.has_value() || found->maker == id ||
      !found->context.libraries().empty()) {
    return;
  }
  std::unique_lock lock(mutex_);
  std::erase_if(namespaces_,
                [id](const Namespace& known) { return known.id == id; });
}

std::vector<DlModules::Namespace> DlModules::Namespaces() {
  std::shared_lock lock(mutex_);
  return namespaces_;
}

std::optional<DlModules::Namespace> DlModules::Find(Lmid_t id) {
  std::shared_lock lock(mutex_);
  const auto found = std::ranges::find(namespaces_, id, &Namespace::id);
  if (found == namespaces_.end()) return std::nullopt;
  return *found;
}

LinkContext DlModules::Context(Lmid_t name_space) {
  const auto found = Find(name_space);
  return found.has_value() ? found->context : Find(LM_ID_BASE)->context;
}

const HostDlfcn& DlModules::Functions(Lmid_t name_space) {
  const auto found = Find(name_space);
  return found.has_value() ? *found->functions : kVisible;
}

absl::StatusOr<void*> DlModules::Open(const std::string& file, int mode,
                                      Lmid_t name_space, const Caller& caller) {
  const auto where = Find(name_space);
  if (!where.has_value()) {
    return absl::UnavailableError("the namespace is not Relink's");
  }
  // What an embedder's linker is to load, its resolver says.
  const bool ours = where->linker == &linker_;
  if (IsHostLibrary(file) || (ours && HostHas(file))) {
    return absl::UnavailableError("it is the process's own");
  }
  ASSIGN_OR_RETURN(
      Library library,
      where->linker->Load(where->context, file, OptionsOf(file, mode, caller)));
  link_map* const map = MapOf(library);
  if (map == nullptr) return absl::UnavailableError("the process has it");
  std::unique_lock lock(mutex_);
  ++handles_.try_emplace(map, Handle{{library, name_space}, 0})
        .first->second.count;
  return map;
}

DlModules::Closed DlModules::Close(const void* handle) {
  std::optional<Handle> last;
  bool open = false;
  {
    std::unique_lock lock(mutex_);
    const auto found = handles_.find(handle);
    open = found != handles_.end();
    if (open && --found->second.count == 0) {
      last = std::move(found->second);
      handles_.erase(found);
    }
  }
  // The rest takes locks of others, who may call us with them.
  if (!open) return IsMap(handle) ? Closed::kNotOpen : Closed::kNotOurs;
  if (!last.has_value()) return Closed::kDone;
  const Lmid_t name_space = last->module.name_space;
  last.reset();
  DropIfEmpty(name_space);
  return Closed::kDone;
}

std::optional<DlModules::Module> DlModules::FindHandle(const void* handle) {
  {
    std::shared_lock lock(mutex_);
    const auto found = handles_.find(handle);
    if (found != handles_.end()) return found->second.module;
  }
  // What nobody opened, but needs or was told of through dladdr1.
  if (!IsMap(handle)) return std::nullopt;
  return FindByAddress(static_cast<const link_map*>(handle)->l_ld);
}

std::optional<DlModules::Module> DlModules::FindByAddress(const void* address) {
  const RuntimeAddr addr(reinterpret_cast<uint64_t>(address));
  if (ModuleRegistry::Process().FindRegion(addr) == nullptr) {
    return std::nullopt;
  }
  for (const Namespace& name_space : Namespaces()) {
    if (auto library = name_space.context.FindByAddress(address)) {
      return Module{*std::move(library), name_space.id};
    }
  }
  return std::nullopt;
}

Library DlModules::RootOf(const Module& module) {
  const auto& image = module.library.module()->image();
  for (Library& library : Context(module.name_space).libraries()) {
    if (library.module()->image() == image &&
        library.module()->id() == image->image().graph().root_id) {
      return std::move(library);
    }
  }
  return module.library;
}

link_map* DlModules::MapOf(const Library& library) {
  const RegisteredModule* found = nullptr;
  ModuleRegistry::Process().ForEach(
      [&](const RegisteredModule& module, const ModuleRegistry::Counters&) {
        if (module.member != &library.module()->member()) return 0;
        found = &module;
        return 1;
      });
  return found == nullptr ? nullptr : const_cast<link_map*>(&found->map);
}

std::vector<std::string> DlModules::SearchDirectories(
    const Library& library) const {
  const LoadedModule& module = *library.module();
  const auto host = HostModules::Current();
  return resolver_.Directories(
      {.name = {},
       .requester = &module.image()->image().module(module.id()),
       .loaders = {},
       .host = *host});
}

void DlModules::Keep(const Module& definer) {
  std::unique_lock lock(mutex_);
  for (const Library& library : kept_) {
    if (library.module() == definer.library.module()) return;
  }
  kept_.push_back(definer.library);
}

void DlModules::FinalizeAll() {
  for (Namespace& name_space : Namespaces()) name_space.context.FinalizeAll();
}

std::string NotOpenText(const void* handle) {
  return absl::StrCat(static_cast<const link_map*>(handle)->l_name,
                      ": shared object not open");
}

}  // namespace relink
