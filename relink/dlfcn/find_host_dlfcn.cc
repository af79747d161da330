// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/find_host_dlfcn.h"

#include <cstdint>
#include <span>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "relink/elf/address_view.h"
#include "relink/elf/definitions.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/symbol_name.h"
#include "relink/support/address.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using elf::Phdr;

// Modules of more segments do not exist; the dynamic table's end is marked.
constexpr size_t kMaxEntries = 256;

// A library as ld.so mapped it: its file header lies at its load bias, and the
// addresses in its dynamic table are relocated.
class MappedLibrary {
 public:
  bool Read(const link_map& map) {
    bias_ = map.l_addr;
    const auto* header = reinterpret_cast<const ElfW(Ehdr)*>(bias_);
    headers_ = {reinterpret_cast<const Phdr<Elf>*>(bias_ + header->e_phoff),
                header->e_phnum};
    uint64_t end = 0;
    for (const Phdr<Elf>& segment : headers_) {
      if (segment.p_type != PT_LOAD) continue;
      end = std::max<uint64_t>(end, segment.p_vaddr + segment.p_memsz);
    }
    view_ = elf::AddressView<Elf>::OfImage(
        headers_, ByteView(reinterpret_cast<const void*>(bias_), end),
        LinkAddr(0));
    size_t count = 0;
    while (count < kMaxEntries && map.l_ld[count].d_tag != DT_NULL) ++count;
    auto dynamic = elf::ParseDynamic<Elf>(
        {reinterpret_cast<const elf::Dyn<Elf>*>(map.l_ld), count + 1});
    if (!dynamic.ok()) return false;
    for (LinkAddr* addr :
         {&dynamic->symtab, &dynamic->strtab.addr, &dynamic->hash,
          &dynamic->gnu_hash, &dynamic->versym}) {
      if (addr->value() >= bias_) *addr = *addr - bias_;
    }
    auto symbols = elf::SymbolTable<Elf>::Parse(view_, *dynamic);
    if (!symbols.ok()) return false;
    definitions_.symbols = *symbols;
    return true;
  }

  template <typename Function>
  bool Find(const elf::SymbolName& name, Function*& function) const {
    const uint32_t index = definitions_.Find(name, {.newest = true});
    if (index == 0) return false;
    const uint64_t value = definitions_.symbols[index].st_value;
    function = reinterpret_cast<Function*>(bias_ + value);
    return true;
  }

 private:
  uint64_t bias_ = 0;
  std::span<const Phdr<Elf>> headers_;
  elf::AddressView<Elf> view_;
  // Without the names of versions: default ones are found without.
  elf::Definitions<Elf> definitions_;
};

const link_map* FindLibc() {
  for (const link_map* map = _r_debug.r_map; map != nullptr;
       map = map->l_next) {
    if (absl::EndsWith(map->l_name, "/libc.so.6")) return map;
  }
  return nullptr;
}

}  // namespace

bool FindHostDlfcn(HostDlfcn& functions) {
  const link_map* const map = FindLibc();
  MappedLibrary libc;
  return map != nullptr && libc.Read(*map) &&
         libc.Find("dlopen", functions.dlopen) &&
         libc.Find("dlmopen", functions.dlmopen) &&
         libc.Find("dlclose", functions.dlclose) &&
         libc.Find("dlsym", functions.dlsym) &&
         libc.Find("dlvsym", functions.dlvsym) &&
         libc.Find("dlerror", functions.dlerror) &&
         libc.Find("dlinfo", functions.dlinfo) &&
         libc.Find("dladdr", functions.dladdr) &&
         libc.Find("dladdr1", functions.dladdr1) &&
         libc.Find("dl_iterate_phdr", functions.dl_iterate_phdr);
}

}  // namespace relink
