// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/scan_module.h"

#include <bit>
#include <limits>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/elf_file.h"
#include "relink/scan/scan_segments.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using elf::AddressView;
using elf::Dyn;
using elf::ElfFile;

absl::Status Malformed(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

template <class E>
absl::StatusOr<std::string> DynamicString(ByteView strings, uint64_t offset,
                                          absl::string_view tag) {
  auto text = strings.CString(offset);
  if (!text.ok()) return ToStatus(text.error(), absl::StrCat(tag, ": name"));
  return std::string(View(*text));
}

// The dynamic table and the names it holds.
template <class E>
absl::Status ScanDynamic(const ElfFile<E>& file, Module& module) {
  AddressView<E> view = AddressView<E>::OfFile(file);
  auto bytes =
      view.Slice(module.dynamic_table.begin, module.dynamic_table.size);
  if (!bytes.ok()) return ToStatus(bytes.error(), "PT_DYNAMIC");
  auto table = bytes->template Records<Dyn<E>>(
      0, bytes->size() / sizeof(Dyn<E>));
  if (!table.ok()) return ToStatus(table.error(), "PT_DYNAMIC");
  auto dynamic = elf::ParseDynamic<E>(*table);
  if (!dynamic.ok()) {
    return Malformed(absl::StrCat("dynamic table: ", dynamic.error().what,
                                  " (at entry ", dynamic.error().offset, ")"));
  }
  module.dynamic = *dynamic;
  auto strings = view.Slice(dynamic->strtab.addr, dynamic->strtab.size);
  if (!strings.ok()) return ToStatus(strings.error(), "DT_STRTAB");

  struct {
    absl::string_view tag;
    uint64_t offset;
    std::string* name;
  } const names[] = {{"DT_SONAME", dynamic->soname, &module.soname},
                     {"DT_RPATH", dynamic->rpath, &module.rpath},
                     {"DT_RUNPATH", dynamic->runpath, &module.runpath}};
  for (const auto& entry : names) {
    if (entry.offset == elf::Dynamic::kNoString) continue;
    ASSIGN_OR_RETURN(*entry.name,
                     DynamicString<E>(*strings, entry.offset, entry.tag));
  }
  absl::Status status;
  module.dependencies.reserve(dynamic->needed_count);
  elf::ForEachNeeded<E>(*table, [&](uint64_t offset) {
    auto name = DynamicString<E>(*strings, offset, "DT_NEEDED");
    if (!name.ok()) {
      status = name.status();
    } else {
      module.dependencies.push_back({.name = *std::move(name)});
    }
  });
  return status;
}

// DF_1_PIE tells a position-independent executable from a shared object; before
// it there was only PT_INTERP, which a few libraries have as well, with a soname.
bool IsExecutable(const Module& module) {
  if (!module.position_independent) return true;
  if ((module.dynamic.flags_1 & elf::kDf1Pie) != 0) return true;
  return !module.interpreter.empty() && module.soname.empty();
}

template <class E>
absl::Status Scan(Module& module) {
  auto file = ElfFile<E>::Parse(module.source.bytes());
  if (!file.ok()) {
    return absl::Status(ToStatus(file.error(), "ELF header"));
  }
  const elf::Ehdr<E>& header = file->header();
  if (header.e_type != elf::kEtDyn && header.e_type != elf::kEtExec) {
    return absl::UnimplementedError(
        absl::StrCat("e_type ", uint16_t{header.e_type},
                     " is neither a shared object nor an executable"));
  }
  module.position_independent = header.e_type == elf::kEtDyn;
  module.entry = LinkAddr(uint64_t{header.e_entry});
  RETURN_IF_ERROR(ScanSegments<E>(*file, module));
  if (module.dynamic_table.size != 0) {
    RETURN_IF_ERROR(ScanDynamic<E>(*file, module));
  }
  module.kind = IsExecutable(module) ? ModuleKind::kExecutable
                                     : ModuleKind::kSharedObject;
  return absl::OkStatus();
}

absl::StatusOr<const Target*> TargetOf(ByteView bytes) {
  auto identity = elf::Identify(bytes);
  if (!identity.ok()) return ToStatus(identity.error(), "ELF header");
  // e_machine is at the same place in both classes.
  constexpr uint64_t kMachineAt = 18;
  uint16_t machine = 0;
  if (identity->byte_order == elf::kElfData2Lsb) {
    auto field = bytes.Record<elf::Elf64Le::Half>(kMachineAt);
    if (!field.ok()) return ToStatus(field.error(), "e_machine");
    machine = **field;
  } else {
    auto field = bytes.Record<elf::Elf64Be::Half>(kMachineAt);
    if (!field.ok()) return ToStatus(field.error(), "e_machine");
    machine = **field;
  }
  const Target* target =
      FindTarget(machine, identity->elf_class, identity->byte_order);
  if (target == nullptr) {
    return absl::UnimplementedError(absl::StrCat(
        "no support for machine ", machine, " as ELF",
        identity->elf_class == elf::kElfClass64 ? 64 : 32,
        identity->byte_order == elf::kElfData2Lsb ? " little" : " big",
        "-endian"));
  }
  return target;
}

}  // namespace

absl::StatusOr<Module> ScanModule(ModuleSource source) {
  auto target = TargetOf(source.bytes());
  if (!target.ok()) return Annotate(target.status(), source.name());
  Module module(std::move(source), **target);
  absl::Status status = Scan<elf::Elf64Le>(module);
  if (!status.ok()) return Annotate(status, module.name());
  return module;
}

}  // namespace relink
