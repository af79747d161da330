// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/object_kind.h"

#include "relink/elf/archive.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/records.h"

namespace relink {

bool IsObjectFile(ByteView prefix) {
  const auto header = prefix.Record<elf::Ehdr<elf::Elf64Le>>(0);
  const auto identity = elf::Identify(prefix);
  return header.ok() && identity.ok() &&
         identity->byte_order == elf::kElfData2Lsb &&
         (*header)->e_type == elf::kEtRel;
}

bool IsForStaticLinking(ByteView prefix) {
  return IsObjectFile(prefix) || elf::IsArchive(prefix);
}

}  // namespace relink
