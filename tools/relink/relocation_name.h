// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RELOCATION_NAME_H_
#define RELINK_TOOLS_RELINK_RELOCATION_NAME_H_

#include <cstdint>
#include <string>

namespace relink::tools {

// What decides the meaning of a relocation type.
struct Platform {
  uint16_t machine = 0;    // e_machine.
  uint8_t elf_class = 0;   // EI_CLASS.
  uint8_t byte_order = 0;  // EI_DATA.
};

// The kinds that a loader treats unlike the rest.
enum class RelocationRole : uint8_t { kOther, kRelative, kIfunc, kCopy, kTls };

// "R_X86_64_RELATIVE", or "type 77" where nobody knows a name.
std::string RelocationName(const Platform& platform, uint32_t type);
RelocationRole RoleOf(const Platform& platform, uint32_t type);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RELOCATION_NAME_H_
