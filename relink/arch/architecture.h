// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_ARCHITECTURE_H_
#define RELINK_ARCH_ARCHITECTURE_H_

#include <concepts>
#include <cstdint>
#include <span>

#include "relink/arch/instruction.h"
#include "relink/arch/object_relocation.h"
#include "relink/arch/possible_reference.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/retained_relocation.h"

namespace relink {

// Where a thread's static TLS blocks lie (ELF Handling For Thread-Local
// Storage, section 3).
enum class TlsVariant : uint8_t {
  kAboveThreadPointer,  // Variant I.
  kBelowThreadPointer,  // Variant II.
};

// What a file of this folder must say of its architecture.
template <typename A>
concept Architecture = requires {
  typename A::Elf;  // The class and byte order of its files.
  { A::kName } -> std::convertible_to<const char*>;
  { A::kMachine } -> std::convertible_to<uint16_t>;
  { A::kTlsVariant } -> std::convertible_to<TlsVariant>;
  std::span<const RelocationRule>(A::kRules);
  { A::kDecode } -> std::convertible_to<DecodeFunction*>;  // Or null.
  { A::kFindReference } -> std::convertible_to<FindReferenceFunction*>;
  std::span<const uint8_t>(A::kJump);  // As Target::jump.
  std::span<const uint8_t>(A::kConditionalJump);
  std::span<const uint8_t>(A::kStub);  // As Target::stub.
  std::span<const ObjectRelocation>(A::kObjectRelocations);
};

}  // namespace relink

#endif  // RELINK_ARCH_ARCHITECTURE_H_
