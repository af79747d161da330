// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_FRAME_REGISTRATION_H_
#define RELINK_RUNTIME_FRAME_REGISTRATION_H_

#include <utility>

namespace relink {

// Makes a module's .eh_frame known to the unwinder (libgcc or libunwind), so
// that exceptions and backtraces pass through its code; undone when destroyed.
class FrameRegistration {
 public:
  // `eh_frame` ends with a zero word and must outlive the registration.
  explicit FrameRegistration(const void* eh_frame);
  FrameRegistration(FrameRegistration&& other) noexcept
      : eh_frame_(std::exchange(other.eh_frame_, nullptr)) {}
  FrameRegistration& operator=(FrameRegistration&&) = delete;
  ~FrameRegistration();

 private:
  const void* eh_frame_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_FRAME_REGISTRATION_H_
