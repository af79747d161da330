// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/module_queries.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "relink/runtime/host_dlfcn.h"
#include "relink/runtime/interposed_find_object.h"
#include "relink/runtime/module_registry.h"

namespace relink {
namespace {

using Symbols = elf::SymbolTable<NativeElf>;

RuntimeAddr AddrOf(const void* pointer) {
  return RuntimeAddr(reinterpret_cast<uint64_t>(pointer));
}
void* Pointer(RuntimeAddr addr) {
  return reinterpret_cast<void*>(addr.value());
}

// How the host's modules are shown, whose counters must say that ours came and
// went, too.
struct HostVisit {
  int (*callback)(dl_phdr_info*, size_t, void*);
  void* data;
  ModuleRegistry::Counters ours;
  unsigned long long host_added = 0;
  unsigned long long host_removed = 0;
};

int VisitHost(dl_phdr_info* info, size_t size, void* data) {
  auto& visit = *static_cast<HostVisit*>(data);
  visit.host_added = info->dlpi_adds;
  visit.host_removed = info->dlpi_subs;
  dl_phdr_info shown = *info;
  shown.dlpi_adds += visit.ours.added;
  shown.dlpi_subs += visit.ours.removed;
  return visit.callback(&shown, std::min(size, sizeof(shown)), visit.data);
}

// Where the module has what its file has at `addr`, which is now at `now`: its
// functions may be there more than once.
RuntimeAddr Now(LinkAddr value, LinkAddr addr, RuntimeAddr now) {
  return RuntimeAddr(now.value() - static_cast<uint64_t>(addr - value));
}

// The symbol that dladdr says has `addr`: the last that begins before it and
// has not ended, and one without a size only where it begins. 0: none.
uint32_t FindSymbol(const Symbols& symbols, LinkAddr addr) {
  uint32_t found = 0;
  for (uint32_t i = 1, count = symbols.CountSymbols(); i < count; ++i) {
    const elf::Sym<NativeElf>& symbol = symbols[i];
    if (symbol.type() == elf::kSttTls || symbol.bind() == elf::kStbLocal ||
        symbol.st_shndx == elf::kShnAbs ||
        (symbol.undefined() && symbol.st_value == 0)) {
      continue;
    }
    const LinkRange range{LinkAddr(symbol.st_value), symbol.st_size};
    const bool has = symbol.undefined() || range.size == 0
                         ? range.begin == addr
                         : range.Contains(addr);
    if (has && (found == 0 || symbol.st_value > symbols[found].st_value)) {
      found = i;
    }
  }
  return found;
}

bool Describe(const void* address, Dl_info* info, void** extra, int flags) {
  const auto place = ModuleRegistry::Process().Find(AddrOf(address));
  if (!place) return false;
  const RegisteredModule& module = *place->module;
  const RuntimeAddr begin = module.memory.size != 0
                                ? module.memory.begin
                                : place->region->memory.begin;
  *info = {.dli_fname = module.map.l_name,
           .dli_fbase = Pointer(begin),
           .dli_sname = nullptr,
           .dli_saddr = nullptr};
  const Symbols& symbols = module.member->definitions.symbols;
  const uint32_t found = FindSymbol(symbols, place->addr);
  const elf::Sym<NativeElf>* symbol = found != 0 ? &symbols[found] : nullptr;
  if (symbol != nullptr) {
    info->dli_sname = symbols.Name(*symbol).data();
    info->dli_saddr =
        Pointer(Now(LinkAddr(symbol->st_value), place->addr, AddrOf(address)));
  }
  if (flags == RTLD_DL_SYMENT) {
    *extra = const_cast<elf::Sym<NativeElf>*>(symbol);
  } else if (flags == RTLD_DL_LINKMAP) {
    *extra = const_cast<link_map*>(&module.map);
  }
  return true;
}

bool FindOwnObject(void* address, dl_find_object* result) {
  const ModuleRegistry& registry = ModuleRegistry::Process();
  const LoadedRegion* region = registry.FindRegion(AddrOf(address));
  if (region == nullptr) return false;
  const RegisteredModule* module = region->module;
  if (module == nullptr) {
    const auto place = registry.Find(AddrOf(address));
    if (!place) return false;
    module = place->module;
  }
  // As for what it does not know: unwinders take a null pointer for tables.
  if (region->eh_frame_hdr == nullptr) return false;
  *result = {};
  result->dlfo_map_start = Pointer(region->memory.begin);
  result->dlfo_map_end = Pointer(region->memory.end());
  result->dlfo_link_map = const_cast<link_map*>(&module->map);
  result->dlfo_eh_frame = const_cast<void*>(region->eh_frame_hdr);
  return true;
}

}  // namespace

int IterateProgramHeaders(int (*callback)(dl_phdr_info*, size_t, void*),
                          void* data) {
  ModuleRegistry& registry = ModuleRegistry::Process();
  HostVisit visit{callback, data, registry.counters()};
  if (const int result = Host().dl_iterate_phdr(VisitHost, &visit);
      result != 0) {
    return result;
  }
  return registry.ForEach([&](const RegisteredModule& module,
                              const ModuleRegistry::Counters& counters) {
    dl_phdr_info info = {};
    info.dlpi_addr = module.map.l_addr;
    info.dlpi_name = module.map.l_name;
    info.dlpi_phdr = module.program_headers.data();
    info.dlpi_phnum = static_cast<ElfW(Half)>(module.program_headers.size());
    info.dlpi_adds = visit.host_added + counters.added;
    info.dlpi_subs = visit.host_removed + counters.removed;
    info.dlpi_tls_modid = module.member->tls_module;
    return callback(&info, sizeof(info), data);
  });
}

int FindAddress(const void* address, Dl_info* info) {
  return FindAddressAndMore(address, info, nullptr, 0);
}

int FindAddressAndMore(const void* address, Dl_info* info, void** extra,
                       int flags) {
  const bool found = ModuleRegistry::Process().WhileNothingGoes(
      [&] { return Describe(address, info, extra, flags); });
  if (found) return 1;
  return extra == nullptr ? Host().dladdr(address, info)
                          : Host().dladdr1(address, info, extra, flags);
}

int FindObject(void* address, dl_find_object* result) {
  if (FindOwnObject(address, result)) return 0;
  return HostFindObject(address, result);
}

}  // namespace relink
