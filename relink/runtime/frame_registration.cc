// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/frame_registration.h"

// The unwinder's interface for code that ld.so does not know (libgcc's
// unwind-dw2-fde.h).
extern "C" void __register_frame(const void* eh_frame);
extern "C" void __deregister_frame(const void* eh_frame);

namespace relink {

FrameRegistration::FrameRegistration(const void* eh_frame)
    : eh_frame_(eh_frame) {
  __register_frame(eh_frame_);
}

FrameRegistration::~FrameRegistration() {
  if (eh_frame_ != nullptr) __deregister_frame(eh_frame_);
}

}  // namespace relink
