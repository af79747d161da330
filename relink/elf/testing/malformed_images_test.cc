// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/malformed_images.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/walk_image.h"

namespace relink::elf {
namespace {

std::optional<Error> FirstError(const Bytes& bytes) {
  Walk walk;
  WalkLoaded<Elf64Le>(ByteView(bytes), &walk);
  WalkUnloaded<Elf64Le>(ByteView(bytes), &walk);
  return walk.error();
}

TEST(MalformedImages, AreMoreThanTwoHundred) {
  EXPECT_GE(MalformedImages().size(), 220u);
}

TEST(MalformedImages, HaveTheirOwnErrorInMoreThanTwoHundredCases) {
  const std::vector<MalformedImage> images = MalformedImages();
  EXPECT_GE(std::ranges::count_if(images,
                                  [](const MalformedImage& image) {
                                    return image.must_fail && image.expected &&
                                           image.expect_substring != nullptr;
                                  }),
            200);
}

TEST(MalformedImages, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const MalformedImage& image : MalformedImages()) {
    EXPECT_TRUE(names.insert(image.name).second) << image.name;
  }
}

TEST(MalformedImages, HaveBytesOfTheirOwn) {
  std::set<Bytes> seen = {BuildLoadable().bytes};
  for (const MalformedImage& image : MalformedImages()) {
    EXPECT_TRUE(seen.insert(image.bytes).second) << image.name;
  }
}

TEST(MalformedImages, ComeFromAnImageThatParses) {
  EXPECT_FALSE(FirstError(BuildLoadable().bytes).has_value());
}

TEST(MalformedImages, AreReportedWithTheExpectedCode) {
  for (const MalformedImage& image : MalformedImages()) {
    if (!image.expected) continue;
    const std::optional<Error> error = FirstError(image.bytes);
    ASSERT_TRUE(error.has_value()) << image.name;
    EXPECT_EQ(error->code, *image.expected)
        << image.name << ": " << error->what;
  }
}

TEST(MalformedImages, AreReportedByTheirPart) {
  for (const MalformedImage& image : MalformedImages()) {
    if (image.expect_substring == nullptr) continue;
    const std::optional<Error> error = FirstError(image.bytes);
    ASSERT_TRUE(error.has_value()) << image.name;
    EXPECT_TRUE(absl::StrContains(error->what, image.expect_substring))
        << image.name << ": " << error->what;
  }
}

// Under --config=asan this is what shows that no parser reads outside.
TEST(MalformedImages, AreReadWithinBoundsAsEveryClassAndByteOrder) {
  for (const MalformedImage& image : MalformedImages()) {
    // Exactly as large as the file, so that the byte after it is not ours.
    const Bytes bytes(image.bytes.begin(), image.bytes.end());
    Walk walk;
    WalkLoaded<Elf32Le>(ByteView(bytes), &walk);
    WalkLoaded<Elf32Be>(ByteView(bytes), &walk);
    WalkLoaded<Elf64Le>(ByteView(bytes), &walk);
    WalkLoaded<Elf64Be>(ByteView(bytes), &walk);
    WalkUnloaded<Elf64Le>(ByteView(bytes), &walk);
  }
}

}  // namespace
}  // namespace relink::elf
