// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_SCOPE_H_
#define RELINK_RELOC_SCOPE_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"
#include "relink/elf/address_view.h"
#include "relink/elf/definitions.h"
#include "relink/elf/symbol_name.h"
#include "relink/elf/versions.h"
#include "relink/ir/link_graph.h"
#include "relink/support/address_map.h"
#include "relink/support/string_ref.h"

namespace relink {

// The ELF type of modules that can run in this process.
using NativeElf = elf::Elf64Le;

// A module as symbol lookup sees it, whether Relink loaded it or the process
// already had it. Views only.
struct ScopeMember {
  absl::string_view name;    // For messages.
  absl::string_view soname;  // Empty if none.
  elf::Definitions<NativeElf> definitions;
  AddressMap addresses;
  LinkRange span;  // Its memory, as link addresses.
  elf::AddressView<NativeElf> memory;
  bool executable = false;
  bool symbolic = false;    // DF_SYMBOLIC: it looks into itself first.
  bool host = false;        // The process already had it.
  uint64_t tls_module = 0;  // For __tls_get_addr; 0 without TLS.
  // That function, which knows its block; 0 for ld.so's.
  uint64_t tls_get_addr = 0;
  // From the thread pointer to its block, once Relink put that in static TLS.
  std::optional<int64_t> static_tls_offset;
};

// Modules in the order in which symbols are looked up in them.
using Scope = std::span<const ScopeMember* const>;

// A definition and the module that has it; `owner` is null if there is none.
struct Definition {
  const ScopeMember* owner = nullptr;
  uint32_t index = 0;

  const elf::Sym<NativeElf>& symbol() const {
    return owner->definitions.symbols[index];
  }
  uint64_t address() const {
    const elf::Sym<NativeElf>& found = symbol();
    const LinkAddr value(uint64_t{found.st_value});
    return found.st_shndx == elf::kShnAbs ? value.value()
                                          : owner->addresses.At(value).value();
  }
};

// The first definition of `name` in `scope`.
inline Definition FindInScope(
    Scope scope, const elf::SymbolName& name,
    const elf::Definitions<NativeElf>::Request& request,
    const ScopeMember* skip = nullptr) {
  for (const ScopeMember* member : scope) {
    if (member == skip) continue;
    const uint32_t index = member->definitions.Find(name, request);
    if (index != 0) return {member, index};
  }
  return {};
}

// The first definition of exactly `name`@`version` in `scope`, hidden or not,
// as dlvsym finds it; a module without versions satisfies any.
inline Definition FindVersion(Scope scope, const elf::SymbolName& name,
                              StringRef version) {
  const elf::Version exact{.hash = elf::SysvHash(version),
                           .name = version,
                           .file = {},
                           .hidden = true,
                           .weak = false};
  return FindInScope(scope, name, {.version = &exact});
}

}  // namespace relink

#endif  // RELINK_RELOC_SCOPE_H_
