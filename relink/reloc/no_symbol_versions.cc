// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/symbol_versions.h"

namespace relink {

absl::Status ReadVersions(const elf::AddressView<NativeElf>& /*view*/,
                          const elf::Dynamic& /*dynamic*/, ByteView /*strings*/,
                          std::vector<elf::Version>& /*versions*/) {
  return absl::OkStatus();
}

elf::Definitions<NativeElf>::Request VersionRequest(
    const elf::Definitions<NativeElf>& /*own*/, uint32_t /*index*/) {
  return {.newest = true};
}

absl::Status CheckVersions(const ScopeMember& /*module*/, Scope /*local*/,
                           Scope /*global*/) {
  return absl::OkStatus();
}

}  // namespace relink
