// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/relocation_name.h"

#include "absl/strings/str_cat.h"
#include "relink/arch/target.h"
#include "relink/elf/constants.h"

namespace relink::tools {
namespace {

using enum RelocationRole;
using elf::kEm386;
using elf::kEmAarch64;
using elf::kEmArm;
using elf::kEmLoongarch;
using elf::kEmRiscv;
using elf::kEmX86_64;

struct Row {
  uint16_t machine;
  uint32_t type;
  const char* name;
  RelocationRole role = kOther;
};

// What relink/arch has no rule for, since Relink never applies it: kinds that
// only a static linker meets, and the dynamic kinds of machines without a
// target. A rule in relink/arch comes before a row here.
constexpr Row kRows[] = {
    // clang-format off
    {kEmX86_64, 3, "R_X86_64_GOT32"},
    {kEmX86_64, 9, "R_X86_64_GOTPCREL"},
    {kEmX86_64, 19, "R_X86_64_TLSGD", kTls},
    {kEmX86_64, 20, "R_X86_64_TLSLD", kTls},
    {kEmX86_64, 21, "R_X86_64_DTPOFF32", kTls},
    {kEmX86_64, 22, "R_X86_64_GOTTPOFF", kTls},
    {kEmX86_64, 23, "R_X86_64_TPOFF32", kTls},
    {kEmX86_64, 25, "R_X86_64_GOTOFF64"},
    {kEmX86_64, 26, "R_X86_64_GOTPC32"},
    {kEmX86_64, 27, "R_X86_64_GOT64"},
    {kEmX86_64, 28, "R_X86_64_GOTPCREL64"},
    {kEmX86_64, 29, "R_X86_64_GOTPC64"},
    {kEmX86_64, 30, "R_X86_64_GOTPLT64"},
    {kEmX86_64, 31, "R_X86_64_PLTOFF64"},
    {kEmX86_64, 34, "R_X86_64_GOTPC32_TLSDESC", kTls},
    {kEmX86_64, 35, "R_X86_64_TLSDESC_CALL", kTls},
    {kEmX86_64, 41, "R_X86_64_GOTPCRELX"},
    {kEmX86_64, 42, "R_X86_64_REX_GOTPCRELX"},

    {kEm386, 1, "R_386_32"},
    {kEm386, 2, "R_386_PC32"},
    {kEm386, 5, "R_386_COPY", kCopy},
    {kEm386, 6, "R_386_GLOB_DAT"},
    {kEm386, 7, "R_386_JMP_SLOT"},
    {kEm386, 8, "R_386_RELATIVE", kRelative},
    {kEm386, 14, "R_386_TLS_TPOFF", kTls},
    {kEm386, 35, "R_386_TLS_DTPMOD32", kTls},
    {kEm386, 36, "R_386_TLS_DTPOFF32", kTls},
    {kEm386, 37, "R_386_TLS_TPOFF32", kTls},
    {kEm386, 41, "R_386_TLS_DESC", kTls},
    {kEm386, 42, "R_386_IRELATIVE", kIfunc},

    {kEmArm, 2, "R_ARM_ABS32"},
    {kEmArm, 13, "R_ARM_TLS_DESC", kTls},
    {kEmArm, 17, "R_ARM_TLS_DTPMOD32", kTls},
    {kEmArm, 18, "R_ARM_TLS_DTPOFF32", kTls},
    {kEmArm, 19, "R_ARM_TLS_TPOFF32", kTls},
    {kEmArm, 20, "R_ARM_COPY", kCopy},
    {kEmArm, 21, "R_ARM_GLOB_DAT"},
    {kEmArm, 22, "R_ARM_JUMP_SLOT"},
    {kEmArm, 23, "R_ARM_RELATIVE", kRelative},
    {kEmArm, 160, "R_ARM_IRELATIVE", kIfunc},

    {kEmAarch64, 257, "R_AARCH64_ABS64"},
    {kEmAarch64, 1024, "R_AARCH64_COPY", kCopy},
    {kEmAarch64, 1025, "R_AARCH64_GLOB_DAT"},
    {kEmAarch64, 1026, "R_AARCH64_JUMP_SLOT"},
    {kEmAarch64, 1027, "R_AARCH64_RELATIVE", kRelative},
    {kEmAarch64, 1028, "R_AARCH64_TLS_DTPMOD", kTls},
    {kEmAarch64, 1029, "R_AARCH64_TLS_DTPREL", kTls},
    {kEmAarch64, 1030, "R_AARCH64_TLS_TPREL", kTls},
    {kEmAarch64, 1031, "R_AARCH64_TLSDESC", kTls},
    {kEmAarch64, 1032, "R_AARCH64_IRELATIVE", kIfunc},

    {kEmRiscv, 1, "R_RISCV_32"},
    {kEmRiscv, 2, "R_RISCV_64"},
    {kEmRiscv, 3, "R_RISCV_RELATIVE", kRelative},
    {kEmRiscv, 4, "R_RISCV_COPY", kCopy},
    {kEmRiscv, 5, "R_RISCV_JUMP_SLOT"},
    {kEmRiscv, 6, "R_RISCV_TLS_DTPMOD32", kTls},
    {kEmRiscv, 7, "R_RISCV_TLS_DTPMOD64", kTls},
    {kEmRiscv, 8, "R_RISCV_TLS_DTPREL32", kTls},
    {kEmRiscv, 9, "R_RISCV_TLS_DTPREL64", kTls},
    {kEmRiscv, 10, "R_RISCV_TLS_TPREL32", kTls},
    {kEmRiscv, 11, "R_RISCV_TLS_TPREL64", kTls},
    {kEmRiscv, 58, "R_RISCV_IRELATIVE", kIfunc},

    {kEmLoongarch, 1, "R_LARCH_32"},
    {kEmLoongarch, 2, "R_LARCH_64"},
    {kEmLoongarch, 3, "R_LARCH_RELATIVE", kRelative},
    {kEmLoongarch, 4, "R_LARCH_COPY", kCopy},
    {kEmLoongarch, 5, "R_LARCH_JUMP_SLOT"},
    {kEmLoongarch, 6, "R_LARCH_TLS_DTPMOD32", kTls},
    {kEmLoongarch, 7, "R_LARCH_TLS_DTPMOD64", kTls},
    {kEmLoongarch, 8, "R_LARCH_TLS_DTPREL32", kTls},
    {kEmLoongarch, 9, "R_LARCH_TLS_DTPREL64", kTls},
    {kEmLoongarch, 10, "R_LARCH_TLS_TPREL32", kTls},
    {kEmLoongarch, 11, "R_LARCH_TLS_TPREL64", kTls},
    {kEmLoongarch, 12, "R_LARCH_IRELATIVE", kIfunc},
    // clang-format on
};

// Null if relink/arch does not know the type.
const RelocationRule* FindRule(const Platform& platform, uint32_t type) {
  const Target* target =
      FindTarget(platform.machine, platform.elf_class, platform.byte_order);
  if (target == nullptr) return nullptr;
  const RelocationRule& rule = target->Rule(type);
  return rule.formula == Formula::kUnknown ? nullptr : &rule;
}

const Row* FindRow(const Platform& platform, uint32_t type) {
  for (const Row& row : kRows) {
    if (row.machine == platform.machine && row.type == type) return &row;
  }
  return nullptr;
}

RelocationRole RoleOf(Formula formula) {
  switch (formula) {
    case Formula::kRelative:
      return kRelative;
    case Formula::kIndirect:
      return kIfunc;
    case Formula::kCopy:
      return kCopy;
    case Formula::kTlsModule:
    case Formula::kTlsOffset:
    case Formula::kThreadOffset:
    case Formula::kTlsDescriptor:
      return kTls;
    case Formula::kUnknown:
    case Formula::kNone:
    case Formula::kAddress:
    case Formula::kSymbol:
    case Formula::kPcRelative:
    case Formula::kGotOffset:
    case Formula::kSize:
      return kOther;
  }
  return kOther;
}

}  // namespace

std::string RelocationName(const Platform& platform, uint32_t type) {
  if (const RelocationRule* rule = FindRule(platform, type)) return rule->name;
  if (const Row* row = FindRow(platform, type)) return row->name;
  return absl::StrCat("type ", type);
}

RelocationRole RoleOf(const Platform& platform, uint32_t type) {
  if (const RelocationRule* rule = FindRule(platform, type)) {
    return RoleOf(rule->formula);
  }
  if (const Row* row = FindRow(platform, type)) return row->role;
  return kOther;
}

}  // namespace relink::tools
