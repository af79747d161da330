// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_CALL_FRAME_INSTRUCTIONS_H_
#define RELINK_ELF_CALL_FRAME_INSTRUCTIONS_H_

#include <cstdint>

#include "relink/elf/records.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// Why call frame instructions (DWARF 5, section 6.4.2) are right only for code
// at its own address, or null if they say the same of a copy of it: they hold
// an address, or compute with the one of the code, whose register is
// `return_column`, or there is one that is not understood.
template <class E>
const char* WhyBoundToAddress(ByteView instructions, uint64_t return_column);

extern template const char* WhyBoundToAddress<Elf32Le>(ByteView, uint64_t);
extern template const char* WhyBoundToAddress<Elf32Be>(ByteView, uint64_t);
extern template const char* WhyBoundToAddress<Elf64Le>(ByteView, uint64_t);
extern template const char* WhyBoundToAddress<Elf64Be>(ByteView, uint64_t);

}  // namespace relink::elf

#endif  // RELINK_ELF_CALL_FRAME_INSTRUCTIONS_H_
