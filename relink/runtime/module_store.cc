// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/module_store.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "relink/runtime/process_arguments.h"
#include "relink/runtime/scope_walk.h"

namespace relink {
namespace {

absl::string_view BaseName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

ModuleObserver& DefaultObserver() {
  static ModuleObserver& observer = *new ModuleObserver();
  return observer;
}

}  // namespace

ModuleStore::Lock::Lock(ModuleStore& store) : store_(store) {
  store_.mutex_.lock();
  ++store_.depth_;
}

ModuleStore::Lock::~Lock() {
  std::vector<std::unique_ptr<LoadedModule>> garbage;
  if (--store_.depth_ == 0) garbage.swap(store_.garbage_);
  store_.mutex_.unlock();
}

ModuleStore::~ModuleStore() = default;

template <typename Matches>
LoadedModule* ModuleStore::FindIf(Matches matches) {
  Lock lock(*this);
  for (const auto& module : modules_) {
    if (module->state_ < LoadedModule::State::kFinalizing && matches(*module)) {
      return module.get();
    }
  }
  for (const ModuleRef& module : shared_) {
    if (matches(*module)) return module.get();
  }
  return nullptr;
}

LoadedModule* ModuleStore::Find(absl::string_view name) {
  return FindIf([name](const LoadedModule& module) {
    return module.soname() == name || module.name_ == name ||
           (module.soname().empty() && BaseName(module.name_) == name);
  });
}

LoadedModule* ModuleStore::Find(FileIdentity identity) {
  if (identity.inode == 0) return nullptr;
  return FindIf([identity](const LoadedModule& module) {
    return module.identity_ == identity;
  });
}

LoadedModule* ModuleStore::Find(RuntimeAddr addr) {
  Lock lock(*this);
  for (const auto& module : modules_) {
    if (module->image_ != nullptr &&
        module->image_->image().placed(module->id_).Contains(addr)) {
      return module.get();
    }
  }
  return nullptr;
}

ModuleRef ModuleStore::Acquire(LoadedModule& module) {
  module.users_.fetch_add(1);
  return ModuleRef(&module, [store = module.store_.shared_from_this()](
                                LoadedModule* used) { store->Drop(*used); });
}

void ModuleStore::Drop(LoadedModule& module) {
  Lock lock(*this);
  if (module.users_.fetch_sub(1) == 1) Sweep();
}

ModuleRef ModuleStore::Open(LoadedModule& module) {
  ModuleStore& owner = module.store_;
  Lock lock(owner);
  owner.EnsureScope(module);
  return Acquire(module);
}

std::vector<ModuleRef> ModuleStore::Modules() {
  Lock lock(*this);
  std::vector<ModuleRef> modules;
  for (const auto& module : modules_) {
    if (module->state_ >= LoadedModule::State::kFinalizing) continue;
    modules.push_back(Open(*module));
  }
  return modules;
}

void ModuleStore::AddNeed(LoadedModule& module, Need need) {
  if (need.loaded != nullptr && &need.loaded->store_ != this) {
    module.foreign_.push_back(Acquire(*need.loaded));
  }
  module.needs_.push_back(std::move(need));
}

void ModuleStore::LinkBound(LoadedModule& module,
                            std::span<const ScopeMember* const> owners) {
  const absl::flat_hash_set<const ScopeMember*> set(owners.begin(),
                                                    owners.end());
  if (set.empty()) return;
  for (const auto& other : modules_) {
    if (set.contains(other->member_)) module.bound_to_.push_back(other.get());
  }
}

std::vector<LoadedModule*> ModuleStore::Adopt(
    const std::shared_ptr<LiveImage>& image, Links links) {
  Lock lock(*this);
  const LinkGraph& graph = image->image().graph();
  std::vector<LoadedModule*> adopted;
  for (uint32_t i = 0; i < graph.modules.size(); ++i) {
    const Module& module = graph.modules[ModuleId(i)];
    std::unique_ptr<LoadedModule> loaded(new LoadedModule(*this));
    loaded->image_ = image;
    loaded->id_ = ModuleId(i);
    loaded->name_ = module.name();
    loaded->identity_ = module.source.identity();
    loaded->member_ = &image->modules()[i].member;
    loaded->observer_ = links.observer;
    loaded->host_ = links.host;
    loaded->user_data_ = module.user_data;
    adopted.push_back(loaded.get());
    modules_.push_back(std::move(loaded));
  }
  for (uint32_t i = 0; i < adopted.size(); ++i) {
    LoadedModule& module = *adopted[i];
    for (const Dependency& needed : graph.modules[ModuleId(i)].dependencies) {
      AddNeed(module, needed.module_id.has_value()
                          ? Need{.loaded = adopted[needed.module_id.index()],
                                 .host = nullptr}
                          : links.externals[needed.external_id]);
    }
    LinkBound(module, image->modules()[i].bound_to);
    module.foreign_.insert(module.foreign_.end(), links.keeps.begin(),
                           links.keeps.end());
    const PlacedModule& placed = image->image().placed(ModuleId(i));
    const auto keep = [&module] { return Acquire(module); };
    if (!placed.in_arenas()) {
      module.thread_exit_.emplace_back(
          RuntimeRange{placed.start, placed.span.size}, keep);
    }
    // What is in arenas belongs to all; the root keeps them.
    if (ModuleId(i) != graph.root_id) continue;
    for (uint32_t j = 0; j < graph.arenas.size(); ++j) {
      module.thread_exit_.emplace_back(image->image().ArenaRange(ArenaId(j)),
                                       keep);
    }
  }
  PublishScope(*adopted[graph.root_id.index()], std::move(links.root_scope));
  return adopted;
}

LoadedModule* ModuleStore::Adopt(const ScopeMember& member,
                                 absl::string_view name,
                                 std::shared_ptr<const void> owner) {
  Lock lock(*this);
  std::unique_ptr<LoadedModule> module(new LoadedModule(*this));
  module->owner_ = std::move(owner);
  module->name_ = std::string(name);
  module->member_ = &member;
  modules_.push_back(std::move(module));
  return modules_.back().get();
}

void ModuleStore::Share(ModuleRef module) {
  Lock lock(*this);
  shared_.push_back(std::move(module));
}

void ModuleStore::Initialize(std::span<LoadedModule* const> modules) {
  Lock lock(*this);
  for (LoadedModule* module : modules) {
    if (module->state_ != LoadedModule::State::kLoaded) continue;
    module->state_ = LoadedModule::State::kInitialized;
    module->initialized_as_ = ++initializations_;
    if (module->image_ == nullptr) continue;
    ModuleObserver& observer =
        module->observer_ == nullptr ? DefaultObserver() : *module->observer_;
    observer.CallInit(*module, module->image_->functions(module->id_),
                      GetProcessArguments());
  }
}

void ModuleStore::PublishScope(LoadedModule& module,
                               std::vector<const ScopeMember*> members) {
  module.scopes_.push_back(std::make_unique<LookupScope>(std::move(members)));
  module.scope_.store(module.scopes_.back().get(), std::memory_order_release);
}

void ModuleStore::EnsureScope(LoadedModule& module) {
  if (module.scope_.load(std::memory_order_relaxed) != nullptr) return;
  const auto host =
      module.host_ == nullptr ? HostModules::Current() : module.host_;
  std::vector<const ScopeMember*> members;
  for (const ScopeNode& node :
       WalkScope({.module_id = {}, .loaded = &module, .host = nullptr}, *host,
                 nullptr)) {
    members.push_back(node.loaded != nullptr ? &node.loaded->member()
                                             : &node.host->member);
  }
  PublishScope(module, std::move(members));
}

void ModuleStore::ExtendScope(LoadedModule& module, const ModuleRef& added) {
  Lock lock(*this);
  EnsureScope(module);
  std::vector<const ScopeMember*> members = module.scope().members();
  for (const ScopeMember* member : added->scope().members()) {
    if (std::ranges::find(members, member) == members.end()) {
      members.push_back(member);
    }
  }
  if (&added->store_ == this) {
    const std::vector<const ScopeMember*> owner = {&added->member()};
    LinkBound(module, owner);
  } else {
    module.foreign_.push_back(added);
  }
  PublishScope(module, std::move(members));
}

void LoadedModule::ExtendScope(const ModuleRef& added) {
  store_.ExtendScope(*this, added);
}

void ModuleStore::MakeGlobal(LoadedModule& module) {
  Lock lock(*this);
  // What it needs, too, as dlopen with RTLD_GLOBAL does.
  std::vector<LoadedModule*> queue = {&module};
  for (size_t i = 0; i < queue.size(); ++i) {
    LoadedModule& next = *queue[i];
    if (!next.global_ && &next.store_ == this) {
      next.global_ = true;
      globals_.push_back(&next);
    }
    for (const Need& need : next.needs_) {
      if (need.loaded != nullptr &&
          std::ranges::find(queue, need.loaded) == queue.end()) {
        queue.push_back(need.loaded);
      }
    }
  }
}

bool ModuleStore::IsGlobal(const LoadedModule& module) {
  Lock lock(*this);
  return module.global_;
}

std::vector<const ScopeMember*> ModuleStore::GlobalScope() {
  Lock lock(*this);
  std::vector<const ScopeMember*> scope;
  for (const LoadedModule* module : globals_) scope.push_back(module->member_);
  return scope;
}

void ModuleStore::KeepForEver(LoadedModule& module) {
  struct Kept {
    std::mutex mutex;
    std::vector<ModuleRef> modules;
  };
  static Kept& kept = *new Kept();
  ModuleRef module_ref = Open(module);
  std::lock_guard lock(kept.mutex);
  kept.modules.push_back(std::move(module_ref));
}

void ModuleStore::MarkReached() {
  std::vector<LoadedModule*> queue;
  const auto reach = [&](LoadedModule* module) {
    if (module == nullptr || module->reached_ || &module->store_ != this) {
      return;
    }
    module->reached_ = true;
    queue.push_back(module);
  };
  for (const auto& module : modules_) module->reached_ = false;
  for (const auto& module : modules_) {
    if (module->users_.load() != 0) reach(module.get());
  }
  while (!queue.empty()) {
    const LoadedModule* module = queue.back();
    queue.pop_back();
    for (const Need& need : module->needs_) reach(need.loaded);
    for (LoadedModule* bound : module->bound_to_) reach(bound);
  }
}

void ModuleStore::Finalize(LoadedModule& module) {
  if (module.image_ != nullptr && module.initialized_as_ != 0) {
    ModuleObserver& observer =
        module.observer_ == nullptr ? DefaultObserver() : *module.observer_;
    observer.CallFini(module, module.image_->functions(module.id_));
  }
  module.state_ = LoadedModule::State::kFinalized;
}

void ModuleStore::Collect() {
  // Finalization functions may have made themselves users of their modules.
  MarkReached();
  std::erase_if(globals_, [](const LoadedModule* module) {
    return module->state_ == LoadedModule::State::kFinalized;
  });
  for (auto& module : modules_) {
    if (module->reached_ || module->state_ != LoadedModule::State::kFinalized) {
      continue;
    }
    if (module->observer_ != nullptr) module->observer_->OnUnload(*module);
    garbage_.push_back(std::move(module));
  }
  std::erase(modules_, nullptr);
}

void ModuleStore::Sweep() {
  again_ = true;
  if (sweeping_) return;
  sweeping_ = true;
  while (std::exchange(again_, false)) {
    MarkReached();
    std::vector<LoadedModule*> dead;
    for (const auto& module : modules_) {
      if (!module->reached_ &&
          module->state_ <= LoadedModule::State::kInitialized) {
        dead.push_back(module.get());
      }
    }
    std::ranges::sort(dead, std::greater(), &LoadedModule::initialized_as_);
    for (LoadedModule* module : dead) {
      module->state_ = LoadedModule::State::kFinalizing;
    }
    for (LoadedModule* module : dead) Finalize(*module);
    Collect();
  }
  sweeping_ = false;
}

void ModuleStore::FinalizeAll() {
  Lock lock(*this);
  sweeping_ = true;
  std::vector<LoadedModule*> live;
  for (const auto& module : modules_) {
    if (module->state_ == LoadedModule::State::kInitialized) {
      live.push_back(module.get());
    }
  }
  std::ranges::sort(live, std::greater(), &LoadedModule::initialized_as_);
  for (LoadedModule* module : live) Finalize(*module);
  sweeping_ = false;
}

}  // namespace relink
