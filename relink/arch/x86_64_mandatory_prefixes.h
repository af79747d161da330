// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_X86_64_MANDATORY_PREFIXES_H_
#define RELINK_ARCH_X86_64_MANDATORY_PREFIXES_H_

#include <array>
#include <cstdint>

#include "relink/arch/x86_64_encoding.h"

// Which of no prefix, 66, f3 and f2 may go with each opcode of a map: as a
// repetition or operand size that an instruction allows, or as a part of the
// opcode itself (SDM volume 2, 2.1.2 and tables; VEX.pp and
// EVEX.pp).
namespace relink::x86_64 {

// By opcode, one bit for each Mandatory.
using PrefixMap = std::array<uint8_t, 256>;

// From a hexadecimal digit for each opcode; a dot is an opcode that is none.
consteval PrefixMap MakePrefixMap(const char (&digits)[257]) {
  PrefixMap map{};
  for (unsigned i = 0; i < 256; ++i) {
    const char digit = digits[i];
    map[i] = static_cast<uint8_t>(digit == '.'   ? 0
                                  : digit >= 'a' ? digit - 'a' + 10
                                                 : digit - '0');
  }
  return map;
}

constexpr bool Allows(const PrefixMap& map, uint8_t opcode,
                      Mandatory mandatory) {
  return (map[opcode] >> static_cast<uint8_t>(mandatory) & 1) != 0;
}

// 0f.
inline constexpr PrefixMap kPrefixesOf0f = MakePrefixMap(
    "ffff.ffff5.f.ffffff33373ffffffffffff....33ffff33ffffff.f........"
    "ffffffffffffffff3f553333fff7ffff3333333333332237f3333331bb..aa77"
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff4fff77ff"
    "fff1333fffffffffa33333ef33333333333333e333333333833333333333333f");

// 0f 38.
inline constexpr PrefixMap kPrefixesOf0f38 = MakePrefixMap(
    "333333333333....2...22.2....333.222222..2222....222222.222222222"
    "22.............................................................."
    "222............................................................."
    "........111111.2........4..26666................bb...27.e144f...");

// 0f 3a.
inline constexpr PrefixMap kPrefixesOf0f3a = MakePrefixMap(
    "........22222223....2222........222............................."
    "222.2...........................2222............................"
    "................................................................"
    "............1.22...............2................4...............");

// VEX, for 0f.
inline constexpr PrefixMap kVexMap1 = MakePrefixMap(
    "................fff33373................33c3cc33................"
    ".33.3333..33....3f553333fff7ffff2222222222222226e2222221....aa66"
    "................33bb....33....................1................."
    "..f.223.........a222222222222222222222e222222222822222222222222.");

// VEX, for 0f 38.
inline constexpr PrefixMap kVexMap2 = MakePrefixMap(
    "2222222222222222...2..22222.222.222222..222222222222222222222222"
    "22...222.b.e....ff22....222.c.f.............3.....4.....22......"
    "............2.2.2222..2222222222......2222222222f6..222222222222"
    "...........888.2..77......f222222222222222222222..11.d8f........");

// VEX, for 0f 3a.
inline constexpr PrefixMap kVexMap3 = MakePrefixMap(
    "222.222.22222222....222222...2..222.............2222....22......"
    "222.2.2.22222...............22222222....22222222........22222222"
    "................................................................"
    "..............22..............22................8...............");

// EVEX, for 0f.
inline constexpr PrefixMap kEvexMap1 = MakePrefixMap(
    "................fff33373................33c3cc33................"
    ".................f..3333fff7ffff222222222222222ee222222.ffee..6e"
    "................................................................"
    "..f.223..........222222.22222222222222e222222222.222222.2222222.");

// EVEX, for 0f 38.
inline constexpr PrefixMap kEvexMap2 = MakePrefixMap(
    "2...2......222..6666662.2222222266666666666222..6666662266622222"
    "2.222222....222222ea22..2222......22222.8.......22e2.22222222222"
    "...2....2222.2.22222..2222aa22222222..2222aa2222....222222222222"
    "....2.222.2222.2............2222................................");

// EVEX, for 0f 3a.
inline constexpr PrefixMap kEvexMap3 = MakePrefixMap(
    "22.222..3232...2....22222222.2222222.233................2222..22"
    "..222...........22..2233..............33........2222............"
    "................................................................"
    "..5...........22................................................");

// EVEX, for half precision.
inline constexpr PrefixMap kEvexMap5 = MakePrefixMap(
    "................44...........3............4.4411................"
    ".................5......55f75555..............2.........77a63f2."
    "................................................................"
    "................................................................");

// EVEX, for half precision.
inline constexpr PrefixMap kEvexMap6 = MakePrefixMap(
    "...................3........................22.................."
    "..22........2222......cc........................................"
    "......................2222222222......2222222222......2222222222"
    "......................cc........................................");

// XOP, with an immediate of a byte.
inline constexpr PrefixMap kXopMap8 = MakePrefixMap(
    "................................................................"
    "................................................................"
    ".....111......11.....111......11..11..1...............1........."
    "1111........1111............................1111................");

// XOP, without one.
inline constexpr PrefixMap kXopMap9 = MakePrefixMap(
    ".11...............1............................................."
    "................................................................"
    "1111............111111111111...................................."
    ".111..11...1.....111..11...1.....111............................");

// XOP, with one of four bytes.
inline constexpr PrefixMap kXopMap10 = MakePrefixMap(
    "................1.1............................................."
    "................................................................"
    "................................................................"
    "................................................................");

}  // namespace relink::x86_64

#endif  // RELINK_ARCH_X86_64_MANDATORY_PREFIXES_H_
