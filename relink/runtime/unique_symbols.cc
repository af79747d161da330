// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/unique_symbols.h"

#include <utility>

#include "relink/elf/constants.h"
#include "relink/runtime/host_dlfcn.h"

namespace relink {
namespace {

// What ld.so has in its table of unique symbols, which answers through dlsym.
uint64_t AskLinker(const HostModule& definer, const char* name) {
  const bool program = definer.member.executable;
  void* handle = Host().dlopen(program ? nullptr : definer.path.c_str(),
                               RTLD_LAZY | RTLD_NOLOAD);
  if (handle == nullptr) return 0;
  void* address = Host().dlsym(handle, name);
  Host().dlclose(handle);
  return reinterpret_cast<uint64_t>(address);
}

}  // namespace

void UniqueSymbols::PinModules() {
  for (const HostModules::Entry& module : host_.modules()) {
    // What is gone meanwhile defines nothing.
    auto handle = Pin(*module);
    if (handle.ok()) pinned_.push_back({module, *std::move(handle)});
  }
}

uint64_t UniqueSymbols::Find(const elf::SymbolName& name) {
  if (pinned_.empty()) PinModules();
  // By name alone: ld.so keeps unique symbols in one table without versions.
  for (const Pinned& pinned : pinned_) {
    const auto& definitions = pinned.module->member.definitions;
    const uint32_t index = definitions.Find(name, {.newest = true});
    if (index != 0 && definitions.symbols[index].bind() == elf::kStbGnuUnique) {
      return AskLinker(*pinned.module, name.text().data());
    }
  }
  return 0;
}

}  // namespace relink
