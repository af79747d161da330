// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_MOVED_SYMBOL_H_
#define RELINK_EMIT_MOVED_SYMBOL_H_

#include "relink/elf/constants.h"
#include "relink/elf/records.h"

namespace relink {

// Whether a symbol goes with the function that it names: one of a section says
// where that begins.
inline bool Moves(const elf::Sym<elf::Elf64Le>& symbol) {
  return symbol.type() != elf::kSttSection && symbol.type() != elf::kSttFile &&
         symbol.type() != elf::kSttTls && symbol.st_shndx != elf::kShnAbs &&
         symbol.st_shndx != elf::kShnCommon;
}

}  // namespace relink

#endif  // RELINK_EMIT_MOVED_SYMBOL_H_
