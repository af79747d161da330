// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ARCH_RETAINED_RELOCATION_H_
#define RELINK_ARCH_RETAINED_RELOCATION_H_

#include <cstdint>

namespace relink {

// What the instruction at the place of a relocation may be by now. The static
// linker writes the relocations that it is asked to retain (--emit-relocs) as
// they were, but has exchanged instructions for cheaper ones by then: an
// address need not be loaded if it is known, nor a thread-local variable looked
// up if it is the program's own.
enum RetainedForm : uint8_t {
  // The place is a PC-relative operand.
  kRetainedMemory = 1,
  // The place is a direct branch's.
  kRetainedBranch = 2,
  // The byte in front of the place begins a direct branch's: `jmp *slot` has
  // become the shorter `jmp symbol; nop`.
  kRetainedBranchBefore = 4,
  // The place is nothing that depends on addresses: a constant, or no operand.
  kRetainedConstant = 8,
  // As kRetainedMemory or kRetainedConstant, but only behind a relocation of a
  // thread-local variable: the call of __tls_get_addr has become part of
  // another way to get at it.
  kRetainedThreadCall = 16,
};

// A type of static relocation.
struct RetainedRelocation {
  uint32_t r_type = 0;
  const char* name = "unknown";
  uint8_t forms = 0;       // Of RetainedForm; 0: code with it must stay.
  bool of_thread = false;  // Begins a way to a thread-local variable.
  // In data, what is stored there counts from the place.
  bool pc_relative = false;
  uint8_t size = 0;  // Bytes that are stored.
};

}  // namespace relink

#endif  // RELINK_ARCH_RETAINED_RELOCATION_H_
