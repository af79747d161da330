// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_TARGET_H_
#define RELINK_ARCH_TARGET_H_

#include <cstdint>
#include <span>

#include "relink/arch/architecture.h"
#include "relink/arch/instruction.h"
#include "relink/arch/object_relocation.h"
#include "relink/arch/possible_reference.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/retained_relocation.h"
#include "relink/support/string_ref.h"

namespace relink {

// One architecture as the rest of Relink sees it: data, no templates.
struct Target {
  const char* name;
  uint16_t machine;    // e_machine.
  uint8_t elf_class;   // EI_CLASS.
  uint8_t byte_order;  // EI_DATA.
  TlsVariant tls_variant;
  std::span<const RelocationRule> rules;  // Indexed by r_type.
  DecodeFunction* decode = nullptr;       // Null if its code is not understood.
  // A jump in reach of FindRule(kPcRelative, k32, kCall), whose field is its
  // end; empty if there is none.
  std::span<const uint8_t> jump = {};
  // The same for one that depends on Instruction::condition, which is the low
  // bits of the byte in front of the field; empty if there is none.
  std::span<const uint8_t> conditional_jump = {};
  // A jump to where a word says, in reach of FindRule(kPcRelative, k32) at
  // `kStubField`; empty if there is none.
  std::span<const uint8_t> stub = {};
  static constexpr uint32_t kStubField = 2;
  // What the relocations of object files ask for, ascending by r_type.
  std::span<const ObjectRelocation> object_relocations = {};
  // What static linkers make of them, ascending by r_type.
  std::span<const RetainedRelocation> retained = {};
  FindReferenceFunction* find_reference = nullptr;  // Null as `decode` is.

  // The one of `r_type`, null if it is not known.
  const RetainedRelocation* FindRetained(uint32_t r_type) const {
    for (const RetainedRelocation& relocation : retained) {
      if (relocation.r_type == r_type) return &relocation;
    }
    return nullptr;
  }

  // What `r_type` in an object file asks for; null if it is not known.
  const ObjectRelocation* FindObjectRelocation(uint32_t r_type) const {
    for (const ObjectRelocation& relocation : object_relocations) {
      if (relocation.r_type == r_type) return &relocation;
    }
    return nullptr;
  }

  // The rule for `r_type`; one with Formula::kUnknown if there is none.
  const RelocationRule& Rule(uint32_t r_type) const {
    static constexpr RelocationRule kUnknown;
    return r_type < rules.size() ? rules[r_type] : kUnknown;
  }

  // The first rule that computes `formula` into `field` for such a `lookup`;
  // null if there is none.
  const RelocationRule* FindRule(Formula formula, Field field,
                                 Lookup lookup = Lookup::kAny) const {
    for (const RelocationRule& rule : rules) {
      if (rule.formula == formula && rule.field == field &&
          rule.lookup == lookup) {
        return &rule;
      }
    }
    return nullptr;
  }

  // The rule of that name, null if there is none.
  const RelocationRule* FindRule(StringRef rule_name) const;

  // The rule of DT_RELR, whose entries have no type: the first that computes
  // Formula::kRelative.
  const RelocationRule& RelativeRule() const {
    for (const RelocationRule& rule : rules) {
      if (rule.formula == Formula::kRelative) return rule;
    }
    return Rule(UINT32_MAX);
  }
};

// The target for files of `machine`, class and byte order; null if Relink has
// none.
const Target* FindTarget(uint16_t machine, uint8_t elf_class,
                         uint8_t byte_order);

// The target of that name; null if Relink has none.
const Target* FindTarget(StringRef name);

// The target that this code itself was compiled for.
const Target& HostTarget();

}  // namespace relink

#endif  // RELINK_ARCH_TARGET_H_
