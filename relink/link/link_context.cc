// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/link_context.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"

namespace relink {

LinkContext::LinkContext(Options options)
    : state_(std::make_shared<State>(options)) {}

absl::Status LinkContext::Add(std::shared_ptr<const SyntheticModule> module,
                              Reach reach) {
  ModuleStore& store = *state_->store;
  const ModuleStore::Lock lock(store);
  if (store.Find(module->soname()) != nullptr) {
    return absl::AlreadyExistsError(
        absl::StrCat(module->soname(), ": is already in the context"));
  }
  LoadedModule* const added =
      store.Adopt(module->member(), module->soname(), module);
  state_->synthetic.push_back(store.Open(*added));
  if (reach == Reach::kGlobal) store.MakeGlobal(*added);
  if (reach == Reach::kFirst) state_->first.push_back(&added->member());
  return absl::OkStatus();
}

void LinkContext::Share(const Library& library) {
  state_->store->Share(library.module());
}

std::vector<Library> LinkContext::libraries() const {
  std::vector<Library> libraries;
  for (ModuleRef& module : state_->store->Modules()) {
    if (module->image() != nullptr) libraries.emplace_back(std::move(module));
  }
  return libraries;
}

std::optional<Library> LinkContext::Find(absl::string_view name) const {
  const ModuleStore::Lock lock(*state_->store);
  LoadedModule* const found = state_->store->Find(name);
  if (found == nullptr) return std::nullopt;
  return Library(state_->store->Open(*found));
}

std::optional<Library> LinkContext::FindByAddress(const void* address) const {
  const ModuleStore::Lock lock(*state_->store);
  LoadedModule* const found =
      state_->store->Find(RuntimeAddr(reinterpret_cast<uint64_t>(address)));
  if (found == nullptr) return std::nullopt;
  return Library(state_->store->Open(*found));
}

std::vector<const ScopeMember*> LinkContext::DefaultScope(
    const HostModules& host) const {
  std::vector<const ScopeMember*> scope = state_->first;
  if (state_->options.process_scope) {
    scope.insert(scope.end(), host.global().begin(), host.global().end());
  }
  const std::vector<const ScopeMember*> global = state_->store->GlobalScope();
  scope.insert(scope.end(), global.begin(), global.end());
  return scope;
}

void* LinkContext::FindSymbol(const elf::SymbolName& name) const {
  const ModuleStore::Lock lock(*state_->store);
  elf::Definitions<NativeElf>::Request request;
  request.newest = true;
  request.skip_undefined = true;
  const auto host = HostModules::Current();
  const Definition found = FindInScope(DefaultScope(*host), name, request);
  return found.owner == nullptr ? nullptr : AddressForCaller(found);
}

void* LinkContext::FindSymbol(const elf::SymbolName& name,
                              absl::string_view version) const {
  const ModuleStore::Lock lock(*state_->store);
  const auto host = HostModules::Current();
  const Definition found = FindVersion(DefaultScope(*host), name, Ref(version));
  return found.owner == nullptr ? nullptr : AddressForCaller(found);
}

void LinkContext::MakeGlobal(const Library& library) {
  state_->store->MakeGlobal(*library.module());
}

void LinkContext::FinalizeAll() { state_->store->FinalizeAll(); }

}  // namespace relink
