// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/notes.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/testing/elf_types.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_symbols.h"
#include "relink/elf/testing/parsed_image.h"

namespace relink::elf {
namespace {

struct Seen {
  std::string name;
  uint32_t type;
  uint64_t size;
  friend bool operator==(const Seen&, const Seen&) = default;
};

template <class E>
class NotesOf : public testing::Test {
 protected:
  static Bytes Header(uint32_t name, uint32_t description, uint32_t type) {
    Bytes bytes;
    Append(&bytes, Nhdr<E>{name, description, type});
    return bytes;
  }
  static void AppendText(Bytes* bytes, const std::string& text) {
    for (char c : text) bytes->push_back(static_cast<std::byte>(c));
  }
  static Result<void> Read(const Bytes& bytes, uint64_t alignment,
                           std::vector<Seen>* seen) {
    return ForEachNote<E>(ByteView(bytes), alignment, [&](const Note& note) {
      seen->push_back({std::string(note.name.data(), note.name.size()),
                       note.type, note.description.size()});
    });
  }
};
TYPED_TEST_SUITE(NotesOf, ElfTypes, ElfTypeName);

TYPED_TEST(NotesOf, ReadsEveryNoteOfAnImage) {
  ImageSpec spec;
  spec.notes = {{"GNU", 1, Bytes(16)}, {"Relink!", 7, Bytes(3)}, {"", 9, {}}};
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const Place& place = image.place(".note");
  std::vector<Seen> seen;
  const Bytes notes(image.bytes.begin() + static_cast<int64_t>(place.offset),
                    image.bytes.begin() + static_cast<int64_t>(place.end()));
  ASSERT_TRUE(TestFixture::Read(notes, 4, &seen).ok());
  EXPECT_EQ(seen,
            (std::vector<Seen>{{"GNU", 1, 16}, {"Relink!", 7, 3}, {"", 9, 0}}));
}

TYPED_TEST(NotesOf, PadsToEightWhereTheSegmentSaysSo) {
  Bytes bytes = TestFixture::Header(4, 4, 5);
  TestFixture::AppendText(&bytes, std::string("GNU\0abcd", 8));
  bytes.resize(24);
  const Bytes second = TestFixture::Header(4, 0, 6);
  bytes.insert(bytes.end(), second.begin(), second.end());
  TestFixture::AppendText(&bytes, std::string("GNU\0", 4));
  std::vector<Seen> seen;
  ASSERT_TRUE(TestFixture::Read(bytes, 8, &seen).ok());
  EXPECT_EQ(seen, (std::vector<Seen>{{"GNU", 5, 4}, {"GNU", 6, 0}}));
}

TYPED_TEST(NotesOf, TakesAnOwnerWithoutNul) {
  Bytes bytes = TestFixture::Header(4, 0, 1);
  TestFixture::AppendText(&bytes, "ABCD");
  std::vector<Seen> seen;
  ASSERT_TRUE(TestFixture::Read(bytes, 4, &seen).ok());
  EXPECT_EQ(seen, (std::vector<Seen>{{"ABCD", 1, 0}}));
}

TYPED_TEST(NotesOf, IgnoresPaddingShorterThanAHeader) {
  std::vector<Seen> seen;
  EXPECT_TRUE(TestFixture::Read(Bytes(11), 4, &seen).ok());
  EXPECT_TRUE(TestFixture::Read({}, 4, &seen).ok());
  EXPECT_TRUE(seen.empty());
}

TYPED_TEST(NotesOf, RefusesSizesPastTheEnd) {
  for (const Bytes& bytes :
       {TestFixture::Header(1, 0, 1), TestFixture::Header(0, 1, 1),
        TestFixture::Header(UINT32_MAX, 0, 1),
        TestFixture::Header(UINT32_MAX, UINT32_MAX, 1)}) {
    std::vector<Seen> seen;
    auto read = TestFixture::Read(bytes, 4, &seen);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::kOutOfRange);
    EXPECT_TRUE(seen.empty());
  }
}

TYPED_TEST(NotesOf, FindsTheBuildId) {
  ImageSpec spec;
  spec.notes = {{"GNU", kNtGnuAbiTag, Bytes(16)},
                {"Go", kNtGnuBuildId, BytesOf({9})},
                {"GNU", kNtGnuBuildId, BytesOf({0x12, 0x34})}};
  const Image<TypeParam> image = BuildImage<TypeParam>(spec);
  const auto file = ValueOrThrow(ElfFile<TypeParam>::Parse(image.view()));
  const ByteView id = FindBuildId<TypeParam>(file);
  EXPECT_EQ(Bytes(id.bytes().begin(), id.bytes().end()), BytesOf({0x12, 0x34}));
}

TYPED_TEST(NotesOf, FindsNoBuildIdWhereThereIsNone) {
  const Image<TypeParam> image = BuildImage<TypeParam>({});
  const auto file = ValueOrThrow(ElfFile<TypeParam>::Parse(image.view()));
  EXPECT_EQ(FindBuildId<TypeParam>(file).size(), 0u);
}

TYPED_TEST(NotesOf, FindsTheBuildIdInFrontOfABrokenNote) {
  ImageSpec spec;
  spec.notes = {{"GNU", kNtGnuBuildId, BytesOf({1})}, {"X", 1, Bytes(4)}};
  Image<TypeParam> image = BuildImage<TypeParam>(spec);
  image.template At<Nhdr<TypeParam>>(image.place(".note").offset + 20)
      .n_namesz = UINT32_MAX;
  const auto file = ValueOrThrow(ElfFile<TypeParam>::Parse(image.view()));
  EXPECT_EQ(FindBuildId<TypeParam>(file).size(), 1u);
}

}  // namespace
}  // namespace relink::elf
