// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_MALFORMED_IMAGES_H_
#define RELINK_ELF_TESTING_MALFORMED_IMAGES_H_

#include <optional>
#include <string>
#include <vector>

#include "relink/elf/testing/image_spec.h"
#include "relink/support/result.h"

// For tests only: files that are wrong in one place each.
namespace relink::elf {

// An x86-64 shared object that would load (loadable_image.h) but for one part.
struct MalformedImage {
  std::string name;  // "part: what is wrong with it", unique.
  Bytes bytes = {};
  // Whether a loader must refuse it, or at least not find its symbol `answer`.
  // False if it need not look at the part, or may be lenient about it. Either
  // way it must survive, running nothing of the image but its initializer.
  bool must_fail = true;
  // The error that the parsers of this folder report; none if they accept the
  // file, or if it depends on where they stumble.
  std::optional<ErrorCode> expected = {};
  // Must be in the message of whoever refuses the file; null if unsure.
  const char* expect_substring = nullptr;
};

std::vector<MalformedImage> MalformedImages();

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_MALFORMED_IMAGES_H_
