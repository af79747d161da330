// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_SYMBOL_REFERENCE_H_
#define RELINK_RELOC_SYMBOL_REFERENCE_H_

#include <cstdint>
#include <functional>

#include "absl/strings/string_view.h"
#include "relink/elf/symbol_table.h"
#include "relink/reloc/scope.h"
#include "relink/support/status.h"

namespace relink {

// A symbol as a module refers to it. Views; valid for the call that passes it.
struct SymbolReference {
  const ScopeMember& module;
  absl::string_view name;     // Empty for a section or for STN_UNDEF.
  absl::string_view version;  // Empty if it asks for none.
};

// A reference and what it was bound to.
struct SymbolBinding {
  SymbolReference reference;
  // Null if no module defines it: Relink itself or a handler supplied it.
  const ScopeMember* definer;
  // Of an ifunc, the address of its resolver.
  uint64_t address;
  bool indirect;
};

// Supplies the address of a function or variable that a module needs and
// nothing defines; 0 to report it as undefined. Not asked for weak symbols,
// which may be undefined, and for what has no address: thread-local symbols and
// what is copied.
using UndefinedSymbolHandler = std::function<uint64_t(const SymbolReference&)>;

// Told of every symbol of every module as it is bound, at least once.
using SymbolObserver = std::function<void(const SymbolBinding&)>;

// The symbol `index` of `module`, which is below the limit of its table.
inline SymbolReference ReferenceOf(const ScopeMember& module, uint32_t index) {
  const elf::Definitions<NativeElf>& own = module.definitions;
  const elf::Version& version = own.VersionAt(own.symbols.Version(index));
  return {.module = module,
          .name = View(own.symbols.Name(own.symbols[index])),
          .version = View(version.name)};
}

}  // namespace relink

#endif  // RELINK_RELOC_SYMBOL_REFERENCE_H_
