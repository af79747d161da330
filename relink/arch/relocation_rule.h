// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_RELOCATION_RULE_H_
#define RELINK_ARCH_RELOCATION_RULE_H_

#include <cstddef>
#include <cstdint>

namespace relink {

// What a relocation computes, in the psABI's letters. S: the symbol's address,
// A: the addend, P: the place, B: the load bias, Z: the symbol's size, GOT: the
// address of the global offset table.
enum class Formula : uint8_t {
  kUnknown,        // Not a dynamic relocation of this architecture.
  kNone,           // Nothing.
  kRelative,       // B + A
  kAddress,        // S; the place's old contents are no addend.
  kSymbol,         // S + A
  kPcRelative,     // S + A - P
  kGotOffset,      // S + A - GOT, in object files only.
  kSize,           // Z + A
  kCopy,           // Z bytes from S to P.
  kIndirect,       // (B + A)(), the address that an ifunc resolver returns.
  kTlsModule,      // The identifier of the module that defines S.
  kTlsOffset,      // S + A inside the TLS block of its module.
  kThreadOffset,   // S + A from the thread pointer, in static TLS.
  kTlsDescriptor,  // Two words: a function and its argument.
};

// How many bytes are stored at P.
enum class Field : uint8_t { kNone = 0, k8 = 1, k16 = 2, k32 = 4, k64 = 8 };

// What a value must fit into to be stored in a field narrower than a word.
enum class Fit : uint8_t {
  kWraps,  // Anything; the high bits are dropped.
  kSigned,
  kUnsigned,
  kEither,  // Signed or unsigned.
};

// Which definitions a reference may bind to.
enum class Lookup : uint8_t {
  kAny,
  kCall,  // Not an executable's canonical PLT entry (SHN_UNDEF with a value).
  kCopy,  // Not a definition in the executable that is being copied into.
};

// One row of an architecture's table: the whole meaning of a relocation type,
// as data. The relocator, the printer and the tests all read it; no code
// anywhere switches on an r_type.
struct RelocationRule {
  uint32_t r_type = 0;
  const char* name = "unknown";
  Formula formula = Formula::kUnknown;
  Field field = Field::kNone;
  Fit fit = Fit::kWraps;
  Lookup lookup = Lookup::kAny;
};

constexpr bool Fits(uint64_t value, Field field, Fit fit) {
  if (fit == Fit::kWraps || field == Field::k64) return true;
  const auto bits = 8 * static_cast<unsigned>(field);
  const bool as_unsigned = value >> bits == 0;
  const auto high = static_cast<int64_t>(value) >> (bits - 1);
  const bool as_signed = high == 0 || high == -1;
  switch (fit) {
    case Fit::kWraps:
      return true;
    case Fit::kSigned:
      return as_signed;
    case Fit::kUnsigned:
      return as_unsigned;
    case Fit::kEither:
      return as_signed || as_unsigned;
  }
  return false;
}

}  // namespace relink

#endif  // RELINK_ARCH_RELOCATION_RULE_H_
