// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_JUMP_TABLES_H_
#define RELINK_SCAN_JUMP_TABLES_H_

#include <cstddef>
#include <span>
#include <vector>

#include "relink/arch/target.h"
#include "relink/ir/function.h"
#include "relink/scan/code_map.h"
#include "relink/scan/decode_code.h"
#include "relink/support/address.h"

namespace relink {

// Bytes that nothing writes, not even a relocation: where tables can be.
struct ConstantBytes {
  LinkRange home;
  std::span<const std::byte> bytes;
};

// The switches' tables of the functions of a section whose code jumps to where
// a register says (DecodedFunction::register_jump), ascending by function.
// Marks in the section what their entries enter; where all such jumps of a
// function are understood, its `register_jump` is cleared.
//
// A table counts only if all is certain: its address and the number of its
// entries, from what stands in front of the jump; that each entry leads to an
// instruction of the function; that nothing enters between the check and the
// jump; and that the function has no jump through a register that is not
// understood, for that could be through the same table. `constants` ascend.
std::vector<JumpTable> FindJumpTables(const Target& target,
                                      std::span<const ConstantBytes> constants,
                                      std::span<const Function> functions,
                                      CodeSection& section,
                                      std::span<DecodedFunction> decoded);

}  // namespace relink

#endif  // RELINK_SCAN_JUMP_TABLES_H_
