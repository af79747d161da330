// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/host_modules.h"

#include <link.h>
#include <sys/auxv.h>

#include <algorithm>
#include <bit>
#include <mutex>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/reloc/symbol_versions.h"
#include "relink/runtime/host_dlfcn.h"
#include "relink/support/status.h"

namespace relink {
namespace {

using elf::AddressView;
using elf::Dyn;
using elf::Dynamic;
using elf::Phdr;

absl::string_view BaseName(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

// ld.so relocates the addresses in most dynamic tables in place, but not in all
// (the vDSO's, read-only ones): undo it where it happened.
void Unrelocate(Dynamic& dynamic, uint64_t bias, LinkRange span) {
  if (bias == 0) return;
  for (LinkAddr* addr :
       {&dynamic.symtab, &dynamic.strtab.addr, &dynamic.hash, &dynamic.gnu_hash,
        &dynamic.versym, &dynamic.verdef, &dynamic.verneed, &dynamic.rela.addr,
        &dynamic.rel.addr, &dynamic.relr.addr, &dynamic.jmprel.addr}) {
    const LinkAddr unrelocated = *addr - bias;
    if (span.Contains(unrelocated)) *addr = unrelocated;
  }
}

void ReadSymbols(const AddressView<NativeElf>& view,
                 std::span<const Dyn<NativeElf>> table, HostModule& module) {
  auto parsed = elf::ParseDynamic<NativeElf>(table);
  if (!parsed.ok()) return;
  Dynamic dynamic = *parsed;
  Unrelocate(dynamic, module.member.addresses.bias(), module.member.span);
  auto symbols = elf::SymbolTable<NativeElf>::Parse(view, dynamic);
  if (!symbols.ok()) return;
  const ByteView strings = symbols->strings();
  module.member.definitions.symbols = *symbols;
  // What is wrong with them was not for ld.so to care.
  (void)ReadVersions(view, dynamic, strings, module.versions);
  module.member.definitions.versions = module.versions;
  const auto read = [&](uint64_t offset) {
    auto text = strings.CString(offset);
    return text.ok() ? std::string(View(*text)) : std::string();
  };
  module.soname = read(dynamic.soname);
  module.rpath = read(dynamic.rpath);
  module.runpath = read(dynamic.runpath);
  elf::ForEachNeeded<NativeElf>(table, [&](uint64_t offset) {
    if (auto name = strings.CString(offset); name.ok()) {
      module.needed.emplace_back(View(*name));
    }
  });
  module.member.symbolic = (dynamic.flags & elf::kDfSymbolic) != 0;
}

std::shared_ptr<HostModule> ReadModule(const dl_phdr_info& info, bool first) {
  auto module = std::make_shared<HostModule>();
  module->path = info.dlpi_name;
  ScopeMember& member = module->member;
  member.host = true;
  member.executable = first;
  member.addresses = AddressMap(info.dlpi_addr);
  member.tls_module = info.dlpi_tls_modid;
  const std::span<const Phdr<NativeElf>> headers(
      reinterpret_cast<const Phdr<NativeElf>*>(info.dlpi_phdr),
      info.dlpi_phnum);
  uint64_t begin = UINT64_MAX;
  uint64_t end = 0;
  const Phdr<NativeElf>* dynamic = nullptr;
  for (const Phdr<NativeElf>& header : headers) {
    if (header.p_type == elf::kPtLoad) {
      begin = std::min<uint64_t>(begin, header.p_vaddr);
      end = std::max<uint64_t>(end, header.p_vaddr + header.p_memsz);
    } else if (header.p_type == elf::kPtDynamic) {
      dynamic = &header;
    }
  }
  if (begin < end) {
    member.span = {LinkAddr(begin), end - begin};
    member.memory = AddressView<NativeElf>::OfImage(
        headers,
        ByteView(reinterpret_cast<const void*>(begin + member.addresses.bias()),
                 end - begin),
        member.span.begin);
    if (dynamic != nullptr) {
      auto table = member.memory.Records<Dyn<NativeElf>>(
          LinkAddr(uint64_t{dynamic->p_vaddr}),
          dynamic->p_memsz / sizeof(Dyn<NativeElf>));
      if (table.ok()) ReadSymbols(member.memory, *table, *module);
    }
  }
  member.name = first ? absl::string_view("the program")
                      : absl::string_view(module->path);
  member.soname = module->soname;
  return module;
}

// How many of `modules`, in load order, the program started with: up to the
// last that it needs, directly or not. Preloaded ones come before those, and
// what dlopen added comes after them.
size_t CountStartModules(const std::vector<HostModules::Entry>& modules) {
  std::vector<bool> reached(modules.size());
  std::vector<size_t> queue;
  if (!modules.empty()) queue.push_back(0);
  size_t count = 0;
  while (!queue.empty()) {
    const size_t at = queue.back();
    queue.pop_back();
    if (reached[at]) continue;
    reached[at] = true;
    count = std::max(count, at + 1);
    for (const std::string& name : modules[at]->needed) {
      // The first: others of that name were opened by their paths.
      const auto found = std::ranges::find_if(modules, [&](const auto& module) {
        return module->soname == name || BaseName(module->path) == name;
      });
      if (found != modules.end()) {
        queue.push_back(static_cast<size_t>(found - modules.begin()));
      }
    }
  }
  return count;
}

struct Counters {
  uint64_t additions = 0;
  uint64_t removals = 0;
};

int ReadCounters(dl_phdr_info* info, size_t, void* counters) {
  *static_cast<Counters*>(counters) = {info->dlpi_adds, info->dlpi_subs};
  return 1;
}

// What dl_iterate_phdr is asked to collect.
struct Collection {
  const std::vector<HostModules::Entry>& known;
  std::vector<HostModules::Entry> modules;
  std::vector<std::shared_ptr<HostModule>> fresh;
};

int Collect(dl_phdr_info* info, size_t, void* data) {
  auto& collection = *static_cast<Collection*>(data);
  // The vDSO is in no scope.
  static const uint64_t vdso = getauxval(AT_SYSINFO_EHDR);
  if (info->dlpi_addr == vdso && vdso != 0) return 0;
  // What the process started with stays where it is, in the same order; another
  // module may be a new one at an old one's place.
  const size_t at = collection.modules.size();
  if (at < collection.known.size() && collection.known[at]->from_start) {
    collection.modules.push_back(collection.known[at]);
    return 0;
  }
  collection.fresh.push_back(ReadModule(*info, at == 0));
  collection.modules.push_back(collection.fresh.back());
  return 0;
}

struct FilterOfProcess {
  std::mutex mutex;
  uint64_t lookups = 0;
  std::vector<uint64_t> words;  // Never change once they are there.
};

// Empty if not all modules have hash values to build it from.
std::vector<uint64_t> FilterWords(Scope scope) {
  uint64_t count = 0;
  for (const ScopeMember* member : scope) {
    if (member->definitions.symbols.limit() != 0 &&
        !member->definitions.symbols.has_gnu_hash()) {
      return {};
    }
    count += member->definitions.symbols.gnu_hash().hashes().size();
  }
  // Eight to sixteen bits for each symbol: a false answer in about thirty.
  std::vector<uint64_t> words(std::bit_ceil(std::max<uint64_t>(count / 8, 1)));
  elf::HashFilter filter(words);
  for (const ScopeMember* member : scope) {
    for (const uint32_t hash :
         member->definitions.symbols.gnu_hash().hashes()) {
      filter.Add(hash);
    }
  }
  return words;
}

}  // namespace

absl::StatusOr<std::shared_ptr<void>> Pin(const HostModule& module) {
  if (module.from_start) return nullptr;
  const std::shared_ptr<void> handle(
      Host().dlopen(module.path.c_str(), RTLD_LAZY | RTLD_NOLOAD),
      [](void* open) {
        if (open != nullptr) Host().dlclose(open);
      });
  // It may have come back, at another place.
  const link_map* map = nullptr;
  if (handle == nullptr ||
      Host().dlinfo(handle.get(), RTLD_DI_LINKMAP, &map) != 0 ||
      map->l_addr != module.member.addresses.bias()) {
    return absl::FailedPreconditionError(
        absl::StrCat(module.path, ": was unloaded by the host meanwhile"));
  }
  return handle;
}

std::shared_ptr<const HostModules> HostModules::Take(
    std::shared_ptr<const HostModules> previous) {
  Counters now;
  Host().dl_iterate_phdr(ReadCounters, &now);
  if (previous != nullptr && now.additions == previous->additions_ &&
      now.removals == previous->removals_) {
    return previous;
  }
  static const std::vector<Entry>& kNone = *new std::vector<Entry>();
  Collection collection{
      .known = previous == nullptr ? kNone : previous->modules_,
      .modules = {},
      .fresh = {}};
  Host().dl_iterate_phdr(Collect, &collection);
  if (previous == nullptr) {
    const size_t start_count = CountStartModules(collection.modules);
    for (size_t i = 0; i < start_count; ++i) {
      collection.fresh[i]->from_start = true;
    }
  }
  auto taken = std::make_shared<HostModules>();
  taken->additions_ = now.additions;
  taken->removals_ = now.removals;
  taken->modules_ = std::move(collection.modules);
  for (const Entry& module : taken->modules_) {
    taken->all_.push_back(&module->member);
    if (module->from_start) taken->global_.push_back(&module->member);
  }
  return taken;
}

std::shared_ptr<const HostModules> HostModules::Current() {
  static std::mutex& mutex = *new std::mutex();
  static auto& latest = *new std::shared_ptr<const HostModules>();
  std::lock_guard lock(mutex);
  latest = Take(latest);
  return latest;
}

elf::HashFilter HostModules::GlobalFilter(uint64_t count) const {
  // About so many pay for reading every symbol of the usual dozen modules.
  constexpr uint64_t kWorthAFilter = 1000;
  static FilterOfProcess& process = *new FilterOfProcess();
  std::lock_guard lock(process.mutex);
  process.lookups += count;
  if (process.lookups >= kWorthAFilter && process.words.empty()) {
    process.words = FilterWords(global_);
  }
  return elf::HashFilter(process.words);
}

HostModuleId HostModules::Find(absl::string_view name) const {
  for (uint32_t i = 0; i < modules_.size(); ++i) {
    if (modules_[i]->soname == name) return HostModuleId(i);
  }
  for (uint32_t i = 1; i < modules_.size(); ++i) {
    if (modules_[i]->path == name || BaseName(modules_[i]->path) == name) {
      return HostModuleId(i);
    }
  }
  return HostModuleId();
}

}  // namespace relink
