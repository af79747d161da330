// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/frame_registration.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/loadable_image.h"

// libgcc's lookup of the frame description of a code address; the second
// argument is filled in (unwind-dw2-fde.h).
extern "C" const void* _Unwind_Find_FDE(void* pc, void* bases);

namespace relink {
namespace {

// An image in memory as if it were mapped: addresses and offsets differ by a
// constant only in its first two segments, which is where these are.
class FrameRegistrationOf : public testing::Test {
 protected:
  FrameRegistrationOf() : image_(elf::BuildLoadable()) {
    const auto& frames = image_.place(".eh_frame");
    const auto& text = image_.place(".text");
    memory_.resize(std::max(frames.addr + frames.size, text.addr + text.size));
    for (const auto* place : {&frames, &text}) {
      std::memcpy(&memory_[place->addr], &image_.bytes[place->offset],
                  place->size);
    }
    eh_frame_ = &memory_[frames.addr];
    code_ = &memory_[text.addr + 1];
  }
  bool Known() {
    void* bases[3];
    return _Unwind_Find_FDE(code_, bases) != nullptr;
  }

  elf::Image<elf::Elf64Le> image_;
  std::vector<std::byte> memory_;
  const std::byte* eh_frame_;
  std::byte* code_;
};

TEST_F(FrameRegistrationOf, FramesLastsAsLongAsTheObject) {
  EXPECT_FALSE(Known());
  {
    const FrameRegistration registration(eh_frame_);
    EXPECT_TRUE(Known());
  }
  EXPECT_FALSE(Known());
}

TEST_F(FrameRegistrationOf, FramesMoves) {
  {
    FrameRegistration first(eh_frame_);
    const FrameRegistration second(std::move(first));
    EXPECT_TRUE(Known());
  }
  EXPECT_FALSE(Known());
}

}  // namespace
}  // namespace relink
