// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_EMIT_MOVED_SYMBOL_H_
#define RELINK_EMIT_MOVED_SYMBOL_H_

#include "relink/elf/constants.h"
#include "relink/elf/records.h"

namespace relink {

// Whether a symbol's value is an address.
inline bool IsAddress(const elf::Sym<elf::Elf64Le>& symbol) {
  return symbol.type() != elf::kSttFile && symbol.type() != elf::kSttTls &&
         symbol.st_shndx != elf::kShnAbs && symbol.st_shndx != elf::kShnCommon;
}

// Whether a symbol goes with the function that it names: one of a section says
// where that begins.
inline bool GoesWithCode(const elf::Sym<elf::Elf64Le>& symbol) {
  return IsAddress(symbol) && symbol.type() != elf::kSttSection;
}

}  // namespace relink

#endif  // RELINK_EMIT_MOVED_SYMBOL_H_
