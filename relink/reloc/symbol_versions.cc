// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/symbol_versions.h"

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"

namespace relink {
namespace {

const ScopeMember* FindBySoname(Scope local, Scope global,
                                absl::string_view soname) {
  for (Scope scope : {local, global}) {
    for (const ScopeMember* member : scope) {
      if (member->soname == soname) return member;
    }
  }
  return nullptr;
}

}  // namespace

absl::Status ReadVersions(const elf::AddressView<NativeElf>& view,
                          const elf::Dynamic& dynamic, ByteView strings,
                          std::vector<elf::Version>& versions) {
  const elf::VersionReader<NativeElf> reader(view, dynamic, strings);
  auto count = reader.Count();
  if (!count.ok()) return ToStatus(count.error(), "symbol versions");
  versions.resize(*count);
  auto read = reader.Read(versions);
  if (!read.ok()) return ToStatus(read.error(), "symbol versions");
  return absl::OkStatus();
}

elf::Definitions<NativeElf>::Request VersionRequest(
    const elf::Definitions<NativeElf>& own, uint32_t index) {
  const elf::Version& version = own.VersionAt(own.symbols.Version(index));
  return {.version = version.hash == 0 ? nullptr : &version};
}

absl::Status CheckVersions(const ScopeMember& module, Scope local,
                           Scope global) {
  for (const elf::Version& needed : module.definitions.versions) {
    if (needed.hash == 0 || needed.file.empty() || needed.weak) continue;
    const ScopeMember* definer = FindBySoname(local, global, View(needed.file));
    if (definer == nullptr) continue;
    bool defines_any = false;
    bool defined = false;
    for (const elf::Version& version : definer->definitions.versions) {
      if (version.hash == 0 || !version.file.empty()) continue;
      defines_any = true;
      defined |= version.hash == needed.hash && version.name == needed.name;
    }
    if (defines_any && !defined) {
      return absl::NotFoundError(absl::StrCat(
          module.name, ": needs version ", View(needed.name), " of ",
          definer->soname, ", which does not define it (", definer->name, ")"));
    }
  }
  return absl::OkStatus();
}

}  // namespace relink
