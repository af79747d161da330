// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/scan_module.h"

#include <span>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/elf_file.h"
#include "relink/scan/scan_segments.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using elf::Dyn;

// The file's bytes for a range of link addresses.
absl::StatusOr<FileRange> FileRangeOf(const Module& module, LinkRange range) {
  for (const Segment& segment : module.segments) {
    if (LinkRange{segment.memory.begin, segment.file.size}.Contains(range)) {
      return FileRange{
          segment.file.begin +
              static_cast<uint64_t>(range.begin - segment.memory.begin),
          range.size};
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("range 0x", absl::Hex(range.begin.value()), " + 0x",
                   absl::Hex(range.size), " is not in the file"));
}

// The names that the dynamic table refers to.
template <class E>
absl::Status ScanNames(std::span<const Dyn<E>> table, Module& module) {
  const elf::Dynamic& dynamic = module.dynamic;
  absl::StatusOr<FileRange> strings =
      FileRangeOf(module, {dynamic.strtab.addr, dynamic.strtab.size});
  if (!strings.ok()) return Annotate(strings.status(), "DT_STRTAB");
  absl::Status status;
  const auto read = [&](uint64_t offset, absl::string_view tag) {
    if (offset >= strings->size) {
      status.Update(absl::InvalidArgumentError(absl::StrCat(
          tag, ": name at 0x", absl::Hex(offset), " is outside of DT_STRTAB")));
      return std::string();
    }
    absl::StatusOr<absl::string_view> name = module.source.ReadString(
        (strings->begin + offset).value(), strings->end().value());
    if (name.ok()) return std::string(*name);
    status.Update(Annotate(name.status(), tag));
    return std::string();
  };
  const auto read_if_any = [&](uint64_t offset, absl::string_view tag) {
    return offset == elf::Dynamic::kNoString ? std::string()
                                             : read(offset, tag);
  };
  module.soname = read_if_any(dynamic.soname, "DT_SONAME");
  module.rpath = read_if_any(dynamic.rpath, "DT_RPATH");
  module.runpath = read_if_any(dynamic.runpath, "DT_RUNPATH");
  module.dependencies.reserve(dynamic.needed_count);
  elf::ForEachNeeded<E>(table, [&](uint64_t offset) {
    module.dependencies.push_back({.name = read(offset, "DT_NEEDED")});
  });
  return status;
}

template <class E>
absl::Status ScanDynamic(Module& module) {
  // 65,536 entries. More would be read in vain.
  constexpr uint64_t kMaxTable = uint64_t{1} << 20;
  ASSIGN_OR_RETURN(const FileRange range,
                   FileRangeOf(module, module.dynamic_table));
  if (range.size > kMaxTable) {
    return absl::InvalidArgumentError(
        absl::StrCat("PT_DYNAMIC: table of 0x", absl::Hex(range.size),
                     " bytes is larger than any"));
  }
  ASSIGN_OR_RETURN(const ByteView bytes,
                   module.source.Read(range.begin.value(), range.size));
  const auto table =
      bytes.template Records<Dyn<E>>(0, bytes.size() / sizeof(Dyn<E>));
  if (!table.ok()) return ToStatus(table.error(), "PT_DYNAMIC");
  const auto dynamic = elf::ParseDynamic<E>(*table);
  if (!dynamic.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("dynamic table: ", dynamic.error().what, " (at entry ",
                     dynamic.error().offset, ")"));
  }
  module.dynamic = *dynamic;
  return ScanNames<E>(*table, module);
}

// DF_1_PIE tells a position-independent executable from a shared object; before
// it there was only PT_INTERP, which a few libraries have as well, with a
// soname.
bool IsExecutable(const Module& module) {
  if (!module.position_independent) return true;
  if ((module.dynamic.flags_1 & elf::kDf1Pie) != 0) return true;
  return !module.interpreter.empty() && module.soname.empty();
}

// The headers, from the beginning of the file if they are there.
template <class E>
Result<elf::ElfHeaders<E>> ParseHeaders(ModuleSource& source) {
  auto headers = elf::ElfHeaders<E>::Parse(source.prefix(), source.size());
  if (headers.ok() || source.prefix().size() == source.size()) return headers;
  const absl::StatusOr<ByteView> all = source.Read(0, source.size());
  if (!all.ok()) return headers;
  return elf::ElfHeaders<E>::Parse(*all, source.size());
}

template <class E>
absl::Status Scan(Module& module) {
  const auto file = ParseHeaders<E>(module.source);
  if (!file.ok()) return ToStatus(file.error(), "ELF header");
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
    RETURN_IF_ERROR(ScanDynamic<E>(module));
  }
  // Both are mandatory (gABI, "Dynamic Section"), except in a static program,
  // which has no dynamic table at all.
  const bool has_symbols = module.dynamic.symtab.value() != 0 &&
                           module.dynamic.strtab.addr.value() != 0;
  if (!has_symbols &&
      (module.position_independent || module.dynamic_table.size != 0)) {
    return absl::InvalidArgumentError(
        "no dynamic table with DT_SYMTAB and DT_STRTAB");
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
  auto target = TargetOf(source.prefix());
  if (!target.ok()) return Annotate(target.status(), source.name());
  Module module(std::move(source), **target);
  absl::Status status = Scan<elf::Elf64Le>(module);
  if (!status.ok()) return Annotate(status, module.name());
  return module;
}

}  // namespace relink
