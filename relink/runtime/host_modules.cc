// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/host_modules.h"

#include <link.h>
#include <sys/auxv.h>

#include <algorithm>
#include <span>
#include <utility>

#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
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
       {&dynamic.symtab, &dynamic.strtab.addr, &dynamic.hash,
        &dynamic.gnu_hash, &dynamic.versym, &dynamic.verdef, &dynamic.verneed,
        &dynamic.rela.addr, &dynamic.rel.addr, &dynamic.relr.addr,
        &dynamic.jmprel.addr}) {
    const LinkAddr unrelocated = *addr - bias;
    if (span.Contains(unrelocated)) *addr = unrelocated;
  }
}

void ReadSymbols(const AddressView<NativeElf>& view,
                 std::span<const Dyn<NativeElf>> table, HostModule& module) {
  auto parsed = elf::ParseDynamic<NativeElf>(table);
  if (!parsed.ok()) return;
  Dynamic dynamic = *parsed;
  Unrelocate(dynamic, module.member.bias, module.member.span);
  auto symbols = elf::SymbolTable<NativeElf>::Parse(view, dynamic);
  if (!symbols.ok()) return;
  const ByteView strings = symbols->strings();
  module.member.definitions.symbols = *symbols;
  elf::VersionReader<NativeElf> reader(view, dynamic, strings);
  if (auto count = reader.Count(); count.ok()) {
    module.versions.resize(*count);
    (void)reader.Read(module.versions);
    module.member.definitions.versions = module.versions;
  }
  if (auto soname = strings.CString(dynamic.soname); soname.ok()) {
    module.soname = std::string(View(*soname));
  }
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
  member.bias = info.dlpi_addr;
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
    const auto view = AddressView<NativeElf>::OfImage(
        headers,
        ByteView(reinterpret_cast<const void*>(begin + member.bias),
                 end - begin),
        member.span.begin);
    if (dynamic != nullptr) {
      auto table = view.Records<Dyn<NativeElf>>(
          LinkAddr(uint64_t{dynamic->p_vaddr}),
          dynamic->p_memsz / sizeof(Dyn<NativeElf>));
      if (table.ok()) ReadSymbols(view, *table, *module);
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
size_t CountStartModules(
    const std::vector<std::shared_ptr<HostModule>>& modules) {
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
      for (size_t i = 0; i < modules.size(); ++i) {
        if (!reached[i] && (modules[i]->soname == name ||
                            BaseName(modules[i]->path) == name)) {
          queue.push_back(i);
        }
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

int Collect(dl_phdr_info* info, size_t, void* data) {
  auto& modules = *static_cast<std::vector<std::shared_ptr<HostModule>>*>(data);
  // The vDSO is in no scope.
  static const uint64_t vdso = getauxval(AT_SYSINFO_EHDR);
  if (info->dlpi_addr == vdso && vdso != 0) return 0;
  modules.push_back(ReadModule(*info, modules.empty()));
  return 0;
}

}  // namespace

void HostModules::Refresh() {
  Counters now;
  dl_iterate_phdr(ReadCounters, &now);
  if (!modules_.empty() && now.additions == additions_ &&
      now.removals == removals_) {
    return;
  }
  additions_ = now.additions;
  removals_ = now.removals;
  std::vector<std::shared_ptr<HostModule>> modules;
  dl_iterate_phdr(Collect, &modules);
  const size_t start_count = CountStartModules(modules);
  modules_.clear();
  global_.clear();
  all_.clear();
  for (size_t i = 0; i < modules.size(); ++i) {
    modules[i]->from_start = i < start_count;
    all_.push_back(&modules[i]->member);
    if (modules[i]->from_start) global_.push_back(&modules[i]->member);
    modules_.push_back(std::move(modules[i]));
  }
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
