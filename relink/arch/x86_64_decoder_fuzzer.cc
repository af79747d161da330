// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/arch/instruction.h"
#include "relink/arch/x86_64_decoder.h"

namespace {

using Code = std::span<const std::byte>;

// What may be relied upon of the facts about the instruction that `code` begins
// with.
bool AreConsistent(const relink::Instruction& facts, Code code) {
  if (facts.length == 0 || facts.length > 15 || facts.length > code.size()) {
    return false;
  }
  if (facts.opcode_offset >= facts.length) return false;
  if (facts.field_size != 0 &&
      (facts.field_offset <= facts.opcode_offset ||
       facts.field_offset + facts.field_size > facts.length)) {
    return false;
  }
  if (facts.pc_relative_memory &&
      (!facts.memory || facts.special_address || facts.field_size != 4)) {
    return false;
  }
  // Nothing behind it counts, and all of it does.
  relink::Instruction again;
  return relink::DecodeX86_64(code.first(facts.length), &again) &&
         again.length == facts.length && again.may_write == facts.may_write &&
         !relink::DecodeX86_64(code.first(facts.length - 1u), &again);
}

}  // namespace

// Code, from its first byte on; what is no instruction is a byte long.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Code code(reinterpret_cast<const std::byte*>(data), size);
  while (!code.empty()) {
    relink::Instruction facts;
    if (relink::DecodeX86_64(code, &facts)) {
      if (!AreConsistent(facts, code)) __builtin_trap();
      code = code.subspan(facts.length);
    } else {
      code = code.subspan(1);
    }
  }
  return 0;
}
