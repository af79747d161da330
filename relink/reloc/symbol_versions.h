// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_SYMBOL_VERSIONS_H_
#define RELINK_RELOC_SYMBOL_VERSIONS_H_

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "relink/elf/address_view.h"
#include "relink/elf/definitions.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/versions.h"
#include "relink/reloc/scope.h"
#include "relink/support/byte_view.h"

namespace relink {

// What symbol versions mean to a link (LSB Core, "Symbol Versioning"). Built
// with --//relink:versions=false nothing: a reference binds by its name alone,
// to what a module that has several versions of it defines by default.

// The versions that a module defines and needs, by DT_VERSYM index.
// InvalidArgument, OutOfRange: a table is malformed.
absl::Status ReadVersions(const elf::AddressView<NativeElf>& view,
                          const elf::Dynamic& dynamic, ByteView strings,
                          std::vector<elf::Version>& versions);

// Which definition reference `index` of a module asks for.
elf::Definitions<NativeElf>::Request VersionRequest(
    const elf::Definitions<NativeElf>& own, uint32_t index);

// Checks that every version a module needs is one that the library it needs it
// of defines, as ld.so does before it relocates. The library is looked for in
// `local`, then in `global`.
// NotFound: "libfoo.so: needs version V of libbar.so, which does not define
// it".
absl::Status CheckVersions(const ScopeMember& module, Scope local,
                           Scope global);

}  // namespace relink

#endif  // RELINK_RELOC_SYMBOL_VERSIONS_H_
