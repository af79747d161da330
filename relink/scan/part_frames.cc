// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/part_frames.h"

#include <cstring>

#include "relink/elf/call_frame_instructions.h"
#include "relink/elf/records.h"

namespace relink {
namespace {

// DW_CFA_advance_loc, which has the distance in its low six bits, _loc2, _loc4.
constexpr uint8_t kAdvance = 0x40;
constexpr uint64_t kAdvanceMax = 0x3f;
constexpr uint8_t kAdvance2 = 0x03;
constexpr uint8_t kAdvance4 = 0x04;

template <typename T>
void Append(uint8_t opcode, T value, std::vector<std::byte>& out) {
  out.push_back(static_cast<std::byte>(opcode));
  out.resize(out.size() + sizeof(value));
  std::memcpy(out.data() + out.size() - sizeof(value), &value, sizeof(value));
}

void AppendAdvance(uint64_t units, std::vector<std::byte>& out) {
  if (units <= kAdvanceMax) {
    out.push_back(static_cast<std::byte>(kAdvance | units));
  } else if (units <= UINT16_MAX) {
    Append(kAdvance2, static_cast<uint16_t>(units), out);
  } else {
    Append(kAdvance4, static_cast<uint32_t>(units), out);
  }
}

}  // namespace

bool AppendFrameOfPart(const FrameCode& frame, uint64_t begin, uint64_t end,
                       std::vector<std::byte>& out) {
  if (frame.alignment == 0 || begin % frame.alignment != 0 ||
      end / frame.alignment > UINT32_MAX) {
    return false;
  }
  const uint64_t last = (end - 1) / frame.alignment;
  uint64_t reached = begin / frame.alignment;  // By what was appended.
  uint64_t at = 0;
  for (uint64_t offset = 0;;) {
    const auto next =
        elf::InstructionAt<elf::Elf64Le>(frame.instructions, offset);
    if (!next.ok()) return false;
    if (next->bytes.size() == 0) return true;
    offset += next->bytes.size();
    if (next->advances) {
      at += next->advance;
      if (at > last) return true;
      continue;
    }
    if (at > reached) {
      AppendAdvance(at - reached, out);
      reached = at;
    }
    const auto bytes = next->bytes.bytes();
    out.insert(out.end(), bytes.begin(), bytes.end());
  }
}

}  // namespace relink
