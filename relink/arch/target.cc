// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/target.h"

#include <cstddef>

#include "relink/arch/architecture.h"
#include "relink/arch/x86_64.h"

namespace relink {
namespace {

template <Architecture A>
constexpr bool RulesAreIndexed() {
  std::span<const RelocationRule> rules(A::kRules);
  for (size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].formula != Formula::kUnknown && rules[i].r_type != i) {
      return false;
    }
  }
  return true;
}

template <Architecture A>
constexpr Target MakeTarget() {
  static_assert(RulesAreIndexed<A>());
  return {.name = A::kName,
          .machine = A::kMachine,
          .elf_class = A::Elf::kClass,
          .byte_order = A::Elf::kData,
          .tls_variant = A::kTlsVariant,
          .rules = std::span(A::kRules),
          .decode = A::kDecode,
          .jump = A::kJump,
          .conditional_jump = A::kConditionalJump,
          .stub = A::kStub,
          .object_relocations = A::kObjectRelocations,
          .retained = A::kRetained,
          .find_reference = A::kFindReference};
}

constexpr Target kTargets[] = {
    MakeTarget<X86_64>(),
};

bool Equal(StringRef text, const char* name) {
  for (const char c : text) {
    if (*name == 0 || *name++ != c) return false;
  }
  return *name == 0;
}

}  // namespace

const RelocationRule* Target::FindRule(StringRef rule_name) const {
  for (const RelocationRule& rule : rules) {
    if (Equal(rule_name, rule.name)) return &rule;
  }
  return nullptr;
}

const Target* FindTarget(StringRef name) {
  for (const Target& target : kTargets) {
    if (Equal(name, target.name)) return &target;
  }
  return nullptr;
}

const Target* FindTarget(uint16_t machine, uint8_t elf_class,
                         uint8_t byte_order) {
  for (const Target& target : kTargets) {
    if (target.machine == machine && target.elf_class == elf_class &&
        target.byte_order == byte_order) {
      return &target;
    }
  }
  return nullptr;
}

const Target& HostTarget() {
#if defined(__x86_64__) && defined(__LP64__)
  return kTargets[0];
#else
#error "this host has no target yet"
#endif
}

}  // namespace relink
