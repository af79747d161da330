// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/frame_registration.h"

// The unwinder's interface for code that ld.so does not know (libgcc's
// unwind-dw2-fde.h).
extern "C" void __register_frame(const void* eh_frame);
extern "C" void __deregister_frame(const void* eh_frame);
// The second argument is filled in: three pointers.
extern "C" const void* _Unwind_Find_FDE(void* code, void* bases);

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace relink {

FrameRegistration::FrameRegistration(const void* eh_frame)
    : eh_frame_(eh_frame) {
  __register_frame(eh_frame_);
}

FrameRegistration::~FrameRegistration() {
  if (eh_frame_ != nullptr) __deregister_frame(eh_frame_);
}

bool UnwinderFinds(const void* code) {
  std::array<void*, 3> bases;
  return _Unwind_Find_FDE(const_cast<void*>(code), bases.data()) != nullptr;
}

const void* FirstCode(const void* eh_frame_hdr) {
  // LSB Core, "The .eh_frame_hdr section": four bytes that say how the others
  // are encoded, the pointer to .eh_frame, the count, and then the table.
  constexpr size_t kTable = 12;
  int32_t distance = 0;
  const auto* header = static_cast<const std::byte*>(eh_frame_hdr);
  std::memcpy(&distance, header + kTable, sizeof(distance));
  return header + distance;
}

}  // namespace relink
