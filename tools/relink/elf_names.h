// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_ELF_NAMES_H_
#define RELINK_TOOLS_RELINK_ELF_NAMES_H_

#include <cstdint>
#include <string>

// How ELF's numbers are printed: by the specification's names without their
// prefix ("LOAD", "FUNC"), or as hex digits where there is none.
namespace relink::tools {

std::string MachineName(uint16_t machine);
std::string FileTypeName(uint16_t type);
std::string SegmentTypeName(uint32_t type);
std::string SectionTypeName(uint32_t type);
std::string SymbolTypeName(uint8_t type);
std::string SymbolBindName(uint8_t bind);
std::string SymbolVisibilityName(uint8_t visibility);

// p_flags as "RX"; "-" for none.
std::string SegmentFlags(uint32_t flags);
// sh_flags in readelf's letters; "-" for none.
std::string SectionFlags(uint64_t flags);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_ELF_NAMES_H_
