// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_modules.h"

#include <atomic>
#include <mutex>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/dlfcn/host_libraries.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/runtime/host_dlfcn.h"
#include "relink/runtime/host_modules.h"
#include "relink/runtime/module_registry.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Namespaces of ours are told from the C library's by their numbers.
constexpr Lmid_t kFirstNamespace = 0x10000;

constinit std::atomic<DlModules*> process = nullptr;

// These functions, for modules that would find the C library's first: with
// RTLD_DEEPBIND, and in namespaces of their own.
std::shared_ptr<const SyntheticModule> OwnFunctions() {
  SyntheticModule::Builder builder("librelink_dl.so");
  builder.Add("dlopen", &::dlopen)
      .Add("dlmopen", &::dlmopen)
      .Add("dlclose", &::dlclose)
      .Add("dlsym", &::dlsym)
      .Add("dlvsym", &::dlvsym)
      .Add("dlerror", &::dlerror)
      .Add("dlinfo", &::dlinfo);
  auto module = std::move(builder).Build();
  return module.ok() ? *std::move(module) : nullptr;
}

LinkContext MakeContext(bool process_scope) {
  LinkContext context({.process_scope = process_scope});
  if (auto functions = OwnFunctions()) {
    // A new context has no other module of that name.
    context.Add(std::move(functions), LinkContext::Reach::kFirst).IgnoreError();
  }
  return context;
}

// Whether the process has `file` without us, or the C library has loaded it
// meanwhile: it compares files, not names.
bool HostHas(const std::string& file) {
  void* const handle = Host().dlopen(file.c_str(), RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return false;
  Host().dlclose(handle);
  return true;
}

LoadOptions OptionsOf(int mode, const DlModules::Module* caller) {
  LoadOptions options;
  options.kind = RootKind::kDylib;
  options.global = (mode & RTLD_GLOBAL) != 0;
  options.deep_bind = (mode & RTLD_DEEPBIND) != 0;
  options.keep = (mode & RTLD_NODELETE) != 0;
  options.only_if_loaded = (mode & RTLD_NOLOAD) != 0;
  if (caller != nullptr) options.caller = caller->library;
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

DlModules::DlModules() : linker_({.resolver = &resolver_}) {
  for (const absl::string_view name : kHostLibraries) {
    resolver_.Set(name, ThroughDlopen{std::string(name)});
  }
  namespaces_.push_back({LM_ID_BASE, MakeContext(true)});
}

Lmid_t DlModules::AddNamespace() {
  LinkContext context = MakeContext(false);
  std::unique_lock lock(mutex_);
  const auto count = static_cast<Lmid_t>(namespaces_.size());
  namespaces_.push_back({kFirstNamespace + count, std::move(context)});
  return namespaces_.back().id;
}

std::vector<DlModules::Namespace> DlModules::Namespaces() {
  std::shared_lock lock(mutex_);
  return namespaces_;
}

LinkContext DlModules::Context(Lmid_t name_space) {
  std::shared_lock lock(mutex_);
  for (const Namespace& known : namespaces_) {
    if (known.id == name_space) return known.context;
  }
  return namespaces_.front().context;
}

absl::StatusOr<void*> DlModules::Open(const std::string& file, int mode,
                                      Lmid_t name_space, const Module* caller) {
  if (IsHostLibrary(file) || HostHas(file)) {
    return absl::UnavailableError("it is the process's own");
  }
  ASSIGN_OR_RETURN(Library library, linker_.Load(Context(name_space), file,
                                                 OptionsOf(mode, caller)));
  link_map* const map = MapOf(library);
  if (map == nullptr) return absl::UnavailableError("the process has it");
  std::unique_lock lock(mutex_);
  ++handles_.try_emplace(map, Handle{{library, name_space}, 0})
        .first->second.count;
  return map;
}

bool DlModules::Close(const void* handle) {
  // Declared first: unloading is for when the lock is free.
  std::optional<Handle> last;
  std::unique_lock lock(mutex_);
  const auto found = handles_.find(handle);
  if (found == handles_.end()) return false;
  if (--found->second.count == 0) {
    last = std::move(found->second);
    handles_.erase(found);
  }
  return true;
}

std::optional<DlModules::Module> DlModules::FindHandle(const void* handle) {
  {
    std::shared_lock lock(mutex_);
    const auto found = handles_.find(handle);
    if (found != handles_.end()) return found->second.module;
  }
  // What nobody opened, but needs or was told of through dladdr1.
  const bool known = ModuleRegistry::Process().ForEach(
      [&](const RegisteredModule& module, const ModuleRegistry::Counters&) {
        return &module.map == handle ? 1 : 0;
      });
  if (!known) return std::nullopt;
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

void DlModules::FinalizeAll() {
  for (Namespace& name_space : Namespaces()) name_space.context.FinalizeAll();
}

}  // namespace relink
