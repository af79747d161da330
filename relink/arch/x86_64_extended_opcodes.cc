// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/arch/x86_64_extended_opcodes.h"

#include <cstdint>

#include "relink/arch/x86_64_encoding.h"
#include "relink/arch/x86_64_mandatory_prefixes.h"
#include "relink/arch/x86_64_opcodes.h"

namespace relink::x86_64 {
namespace {

// Of these maps all but a few opcodes have operands in vectors, and only those
// few are told apart.

bool IsScalar(const Encoding& encoding) {
  return encoding.mandatory == Mandatory::kF3 ||
         encoding.mandatory == Mandatory::kF2;
}

uint16_t FormAfter0f38(const Encoding& encoding) {
  switch (encoding.opcode) {
    case 0xf0:  // movbe, crc32
      return kWritesReg | (IsScalar(encoding) ? 0 : kMemoryOnly);
    case 0xf1:  // movbe to memory, crc32
      return IsScalar(encoding) ? kWritesReg : kMemoryOnly;
    case 0xf6:  // wrss, adcx, adox
      return encoding.mandatory == Mandatory::kNone ? kMemoryOnly : kWritesReg;
    case 0xf8:  // movdir64b, enqcmd
    case 0xf9:  // movdiri
    case 0xfc:  // aadd, aand, axor, aor
      return kMemoryOnly;
    case 0xfa:  // encodekey128
    case 0xfb:  // encodekey256
      return kWritesReg;
    default:
      return 0;
  }
}

// pextrb, pextrw, pextrd, extractps.
bool IsExtract(uint8_t opcode) { return opcode >= 0x14 && opcode <= 0x17; }

// pcmpestri, pcmpistri.
bool IsStringIndex(uint8_t opcode) { return opcode == 0x61 || opcode == 0x63; }

// cvtss2si and its kin, in 78 and 79 to unsigned.
bool IsToInteger(const Encoding& encoding) {
  const uint8_t opcode = encoding.opcode;
  return IsScalar(encoding) && (opcode == 0x2c || opcode == 0x2d ||
                                (encoding.evex && (opcode & 0xfe) == 0x78));
}

uint16_t VectorFormAfter0f(const Encoding& encoding) {
  switch (encoding.opcode) {
    case 0x50:  // vmovmskps
    case 0x93:  // kmov from a mask
    case 0xc5:  // vpextrw
    case 0xd7:  // vpmovmskb
      return kWritesReg | kRegisterOnly;
    case 0x7e:  // vmovd, but for vmovq of f3
      return encoding.mandatory == Mandatory::k66 ? kWritesRm : 0;
    default:
      return IsToInteger(encoding) ? kWritesReg : 0;
  }
}

// BMI and CMPccXADD.
uint16_t VectorFormAfter0f38(const Encoding& encoding) {
  if (encoding.evex) return 0;
  switch (encoding.opcode) {
    case 0xf2:  // andn
    case 0xf5:  // bzhi, pdep, pext
    case 0xf7:  // bextr, sarx, shlx, shrx
      return kWritesReg;
    case 0xf3:  // blsr, blsmsk, blsi
      return kWritesVvvv;
    case 0xf6:  // mulx
      return kWritesReg | kWritesVvvv;
    default:
      return (encoding.opcode & 0xf0) == 0xe0 ? kWritesReg | kWritesVvvv : 0;
  }
}

uint16_t VectorFormAfter0f3a(const Encoding& encoding) {
  if (IsExtract(encoding.opcode)) return kWritesRm;
  return encoding.opcode == 0xf0 && !encoding.evex ? kWritesReg : 0;  // rorx
}

// vcvtsh2si and its kin, vmovw.
uint16_t VectorFormOfHalves(const Encoding& encoding) {
  if (encoding.opcode == 0x7e) return kWritesRm;
  return IsToInteger(encoding) ? kWritesReg : 0;
}

// TBM and LWP.
uint16_t VectorFormOfXop9(const Encoding& encoding) {
  if (encoding.opcode < 0x03) return kWritesVvvv;  // blcfill, blsfill, ...
  return encoding.opcode == 0x12 ? kWritesRm : 0;  // llwpcb, slwpcb
}

const PrefixMap* FindPrefixMap(const Encoding& encoding) {
  switch (encoding.map) {
    case 1:
      return encoding.evex ? &kEvexMap1 : &kVexMap1;
    case 2:
      return encoding.evex ? &kEvexMap2 : &kVexMap2;
    case 3:
      return encoding.evex ? &kEvexMap3 : &kVexMap3;
    case 5:
      return encoding.evex ? &kEvexMap5 : nullptr;
    case 6:
      return encoding.evex ? &kEvexMap6 : nullptr;
    case 8:
      return &kXopMap8;
    case 9:
      return &kXopMap9;
    case 10:
      return &kXopMap10;
    default:
      return nullptr;
  }
}

// As without VEX: pshufd, shifts, cmpps, pinsrw, pextrw, shufps.
bool HasImmediateAfter0f(uint8_t opcode) {
  return (opcode >= 0x70 && opcode <= 0x73) || opcode == 0xc2 ||
         (opcode >= 0xc4 && opcode <= 0xc6);
}

}  // namespace

bool FindThreeByteOpcode(const Encoding& encoding, Opcode* opcode) {
  const bool after_0f38 = encoding.map == 2;
  if (!Allows(after_0f38 ? kPrefixesOf0f38 : kPrefixesOf0f3a, encoding.opcode,
              encoding.mandatory)) {
    return false;
  }
  *opcode = {.form = kModRm};
  if (after_0f38) {
    opcode->form |= FormAfter0f38(encoding);
    return true;
  }
  opcode->immediate = Immediate::k8;
  if (IsExtract(encoding.opcode)) opcode->form |= kWritesRm;
  if (IsStringIndex(encoding.opcode)) opcode->writes = kRcx;
  return true;
}

bool FindVectorOpcode(const Encoding& encoding, Opcode* opcode) {
  const PrefixMap* prefixes = FindPrefixMap(encoding);
  if (prefixes == nullptr ||
      !Allows(*prefixes, encoding.opcode, encoding.mandatory)) {
    return false;
  }
  *opcode = {.form = kModRm};
  switch (encoding.map) {
    case 1:
      if (encoding.opcode == 0x77) opcode->form = 0;  // vzeroupper
      opcode->form |= VectorFormAfter0f(encoding);
      if (HasImmediateAfter0f(encoding.opcode)) {
        opcode->immediate = Immediate::k8;
      }
      break;
    case 2:
      opcode->form |= VectorFormAfter0f38(encoding);
      break;
    case 3:
      opcode->form |= VectorFormAfter0f3a(encoding);
      opcode->immediate = Immediate::k8;
      if (IsStringIndex(encoding.opcode)) opcode->writes = kRcx;
      break;
    case 5:
      opcode->form |= VectorFormOfHalves(encoding);
      break;
    case 8:
      opcode->immediate = Immediate::k8;
      break;
    case 9:
      opcode->form |= VectorFormOfXop9(encoding);
      break;
    case 10:  // bextr, lwpins
      opcode->form |= kWritesReg;
      opcode->immediate = Immediate::kOperand;
      break;
    default:
      break;
  }
  return true;
}

bool HasVectorIndex(const Encoding& encoding) {
  if (encoding.map != 2) return false;
  const uint8_t opcode = encoding.opcode;
  if ((opcode & 0xfc) == 0x90) return true;  // vgather, vpgather
  return encoding.evex && ((opcode & 0xfc) == 0xa0 || (opcode & 0xfe) == 0xc6);
}

}  // namespace relink::x86_64
