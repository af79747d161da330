// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_TLS_DESCRIPTOR_CALL_H_
#define RELINK_TOOLS_RELINK_VERIFY_TLS_DESCRIPTOR_CALL_H_

#include <cstddef>
#include <cstdint>

namespace relink::tools {

// Calls the function of a relocated TLS descriptor, by its own convention, and
// returns the address of the variable in this thread.
inline uint64_t CallTlsDescriptor(const std::byte* descriptor) {
  uint64_t result = reinterpret_cast<uint64_t>(descriptor);
  __asm__ volatile(
      "call *(%%rax)\n\t"
      "add %%fs:0, %%rax"
      : "+a"(result)
      :
      : "memory", "cc");
  return result;
}

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_TLS_DESCRIPTOR_CALL_H_
