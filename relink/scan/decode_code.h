// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_DECODE_CODE_H_
#define RELINK_SCAN_DECODE_CODE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "relink/arch/target.h"
#include "relink/ir/fixup.h"
#include "relink/ir/function.h"
#include "relink/scan/code_map.h"
#include "relink/scan/reference_targets.h"
#include "relink/support/address.h"

namespace relink {

// What decoding learns of a function besides what the graph keeps of it.
struct DecodedFunction {
  // Where what is at its end only to fill begins, whether what is in front of
  // that goes on behind it, and whether that is a call, which may not return.
  uint32_t filler = 0;
  bool open = false;
  bool ends_with_call = false;
  bool register_jump = false;  // It jumps to where a register says.
  bool stubs = false;          // Many, which are entered from elsewhere.
  // It has the address of its own middle, and a constant that could be added to
  // that to get another of the module.
  bool own_address = false;
  bool wide_number = false;
  // Perhaps some of it is data: what looks like a reference may be none.
  bool doubtful = false;
};

// Code behind an instruction that nothing follows: data, unless something
// enters it, or the nops from `begin` on that stand in front of it.
struct BehindEnd {
  uint32_t begin;
  uint32_t code;
};

// An address that is taken, by the field at `place` of the section.
struct TakenMiddle {
  uint32_t place;
  LinkAddr address;
};

// What decoding a section finds.
struct DecodedCode {
  std::vector<Fixup> fixups;           // Ascending.
  std::vector<BehindEnd> behind_ends;  // Ascending.
  // Places of functions that they have the addresses of themselves.
  std::vector<uint32_t> own_places;
  // Where branches from between functions lead, if those are branches.
  std::vector<LinkAddr> rumours;
  // References that take the address of the middle of another function.
  std::vector<TakenMiddle> middles;
  // The addresses of something outside of the section that it takes, if asked
  // for.
  std::vector<LinkAddr> taken;
};

// Decodes every unit of a section from its beginning to its end. Adds a fixup
// for each reference that leaves its function or takes its address, marks where
// instructions begin and what they enter, and pins functions that cannot be
// understood or moved.
//
// What lies between functions may be data: it gets no fixups.
class CodeDecoder {
 public:
  // All must outlive it; `decoded` has an entry for each function. The module
  // takes `memory_size` bytes.
  CodeDecoder(const Target& target, uint64_t memory_size, CodeMap& code,
              ReferenceTargets& references, std::span<Function> functions,
              std::span<DecodedFunction> decoded);

  // `want_taken`: fill in DecodedCode::taken. `functions_only`: what lies
  // between functions is not looked at.
  DecodedCode Decode(CodeSection& section, bool want_taken,
                     bool functions_only = false);

 private:
  class UnitDecoder;

  const Target& target_;
  CodeMap& code_;
  ReferenceTargets& references_;
  std::span<Function> functions_;
  std::span<DecodedFunction> decoded_;
  const RelocationRule* memory_rule_;
  const RelocationRule* branch_rule_;
  const RelocationRule* short_branch_rule_;
  uint64_t memory_size_;
};

}  // namespace relink

#endif  // RELINK_SCAN_DECODE_CODE_H_
