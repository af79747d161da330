// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/bound_module.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/reloc/symbol_versions.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::Status ReadSymbols(const elf::AddressView<NativeElf>& view,
                         const elf::Dynamic& dynamic, BoundModule& bound) {
  elf::Definitions<NativeElf>& definitions = bound.member.definitions;
  auto symbols = elf::SymbolTable<NativeElf>::Parse(view, dynamic);
  if (!symbols.ok()) return ToStatus(symbols.error(), "dynamic symbols");
  definitions.symbols = *symbols;

  RETURN_IF_ERROR(ReadVersions(view, dynamic, definitions.symbols.strings(),
                               bound.versions));
  definitions.versions = bound.versions;

  auto relocations = elf::RelocationTables<NativeElf>::Parse(view, dynamic);
  if (!relocations.ok()) {
    return ToStatus(relocations.error(), "relocation tables");
  }
  bound.relocations = *relocations;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<BoundModule> ReadPlacedModule(const PlacedGraph& placed,
                                             ModuleId id, TlsProvider& tls) {
  const Module& module = placed.module(id);
  const PlacedModule& where = placed.placed(id);
  BoundModule bound;
  bound.member.name = module.name();
  bound.member.soname = module.soname;
  bound.member.addresses = where.addresses();
  bound.member.span = where.span;
  bound.member.memory = placed.View<NativeElf>(id);
  bound.member.executable = module.kind == ModuleKind::kExecutable;
  bound.member.symbolic = (module.dynamic.flags & elf::kDfSymbolic) != 0;
  absl::Status status = ReadSymbols(bound.member.memory, module.dynamic, bound);
  if (!status.ok()) return Annotate(status, module.name());
  if (module.tls.has_value()) {
    if (module.kind == ModuleKind::kExecutable) {
      // Local-exec code: the linker fixed the distance from the thread pointer,
      // and the program that runs already uses it.
      return absl::UnimplementedError(absl::StrCat(
          module.name(), ": is an executable with thread-local storage"));
    }
    auto registered = tls.Register({.image = where.Bytes(module.tls->image),
                                    .size = module.tls->size,
                                    .alignment = module.tls->alignment});
    if (!registered.ok()) return Annotate(registered.status(), module.name());
    bound.member.tls_module = *registered;
    bound.member.tls_get_addr = tls.functions().get_addr;
    bound.tls = TlsRegistration(tls, *registered);
  }
  return bound;
}

}  // namespace relink
