// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_ELF_TYPES_H_
#define RELINK_ELF_TESTING_ELF_TYPES_H_

#include <bit>

#include "gtest/gtest.h"
#include "relink/elf/records.h"

namespace relink::elf {

// For TYPED_TEST: every class and byte order, with its name.
using ElfTypes = testing::Types<Elf32Le, Elf32Be, Elf64Le, Elf64Be>;

struct ElfTypeName {
  template <class E>
  static const char* GetName(int) {
    constexpr bool kLittle = E::kOrder == std::endian::little;
    if (E::kIs64) return kLittle ? "Elf64Le" : "Elf64Be";
    return kLittle ? "Elf32Le" : "Elf32Be";
  }
};

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_ELF_TYPES_H_
