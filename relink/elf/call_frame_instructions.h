// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_CALL_FRAME_INSTRUCTIONS_H_
#define RELINK_ELF_CALL_FRAME_INSTRUCTIONS_H_

#include <cstdint>

#include "relink/elf/records.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// For which copies of the code they were made for call frame instructions hold.
struct AddressBinding {
  // Why for none: they hold an address, or compute with the one of the code, or
  // there is one that is not understood. Null if for some.
  const char* problem = nullptr;
  // For those at the same address modulo this.
  uint64_t modulo = 1;
};

// Reads all of the instructions (DWARF 5, section 6.4.2). `return_column` is
// the register that stands for the address of the code. Only one use of it is
// understood, that of the PLT's: where in a unit of 16 bytes is the program?
template <class E>
AddressBinding BindingOf(ByteView instructions, uint64_t return_column);

struct CallFrameInstruction {
  ByteView bytes;  // Empty behind the last one.
  bool advances = false;
  uint32_t advance = 0;  // In units of the code alignment.
};

// The one that is `offset` bytes into `instructions`. kUnsupported: it holds an
// address, or is not understood.
template <class E>
Result<CallFrameInstruction> InstructionAt(ByteView instructions,
                                           uint64_t offset);

extern template AddressBinding BindingOf<Elf32Le>(ByteView, uint64_t);
extern template AddressBinding BindingOf<Elf32Be>(ByteView, uint64_t);
extern template AddressBinding BindingOf<Elf64Le>(ByteView, uint64_t);
extern template AddressBinding BindingOf<Elf64Be>(ByteView, uint64_t);

extern template Result<CallFrameInstruction> InstructionAt<Elf32Le>(ByteView,
                                                                    uint64_t);
extern template Result<CallFrameInstruction> InstructionAt<Elf32Be>(ByteView,
                                                                    uint64_t);
extern template Result<CallFrameInstruction> InstructionAt<Elf64Le>(ByteView,
                                                                    uint64_t);
extern template Result<CallFrameInstruction> InstructionAt<Elf64Be>(ByteView,
                                                                    uint64_t);

}  // namespace relink::elf

#endif  // RELINK_ELF_CALL_FRAME_INSTRUCTIONS_H_
