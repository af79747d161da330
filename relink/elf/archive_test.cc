// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/archive.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace relink::elf {
namespace {

std::string Filled(std::string text, size_t size) {
  text.resize(size, ' ');
  return text;
}

std::string Header(const std::string& name, size_t size) {
  return Filled(name, 16) + Filled("0", 12) + Filled("0", 6) + Filled("0", 6) +
         Filled("644", 8) + Filled(std::to_string(size), 10) + "`\n";
}

std::string Entry(const std::string& name, const std::string& contents) {
  return Header(name, contents.size()) + contents +
         (contents.size() % 2 == 0 ? "" : "\n");
}

std::string Word(uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += static_cast<char>(value >> shift);
  }
  return text;
}

// Two members, one with a long name, and an index of three symbols.
std::string GnuArchive() {
  const std::string names = Entry("//", "a_member_with_a_long_name.o/\n");
  const std::string index_names("one\0two\0three\0", 14);
  const size_t index_size = 4 + 3 * 4 + index_names.size();
  const auto first = static_cast<uint32_t>(8 + 60 + index_size + names.size());
  const uint32_t second = first + 60 + 4;
  return "!<arch>\n" +
         Entry("/", Word(3) + Word(first) + Word(second) + Word(second) +
                        index_names) +
         names + Entry("short.o/", "abc") + Entry("/0", "defgh");
}

ByteView View(const std::string& text) {
  return ByteView(text.data(), text.size());
}
std::string Text(StringRef text) {
  return std::string(text.data(), text.size());
}
std::string Text(ByteView bytes) {
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

// The name and contents of each, "!" where it is malformed.
std::vector<std::string> Members(const Archive& archive) {
  std::vector<std::string> members;
  for (uint64_t at = archive.first(); !archive.IsEnd(at);) {
    const auto member = archive.At(at);
    if (!member.ok()) {
      members.emplace_back("!");
      break;
    }
    members.push_back(Text(member->name) + "=" + Text(member->contents));
    at = member->next;
  }
  return members;
}

TEST(Archive, HasMembers) {
  const std::string bytes = GnuArchive();
  const auto archive = Archive::Parse(View(bytes));
  ASSERT_TRUE(archive.ok());
  EXPECT_FALSE(archive->thin());
  EXPECT_EQ(Members(*archive),
            (std::vector<std::string>{"short.o=abc",
                                      "a_member_with_a_long_name.o=defgh"}));
}

TEST(Archive, SaysWhichMemberDefinesWhat) {
  const std::string bytes = GnuArchive();
  const auto archive = Archive::Parse(View(bytes));
  ASSERT_TRUE(archive.ok());
  ASSERT_TRUE(archive->has_index());
  std::vector<std::string> found;
  const auto count =
      archive->ForEachSymbol([&](StringRef name, uint64_t offset) {
        const auto member = archive->At(offset);
        found.push_back(Text(name) + ":" +
                        (member.ok() ? Text(member->name) : "!"));
      });
  ASSERT_TRUE(count.ok());
  EXPECT_EQ(found, (std::vector<std::string>{
                       "one:short.o", "two:a_member_with_a_long_name.o",
                       "three:a_member_with_a_long_name.o"}));
}

TEST(Archive, ReadsThinOnesWhoseMembersAreElsewhere) {
  const std::string bytes = "!<thin>\n" +
                            Entry("//", "folder/one.o/\ntwo.o/\n") +
                            Header("/0", 1000) + Header("/14", 2000);
  const auto archive = Archive::Parse(View(bytes));
  ASSERT_TRUE(archive.ok());
  EXPECT_TRUE(archive->thin());
  EXPECT_FALSE(archive->has_index());
  EXPECT_EQ(Members(*archive),
            (std::vector<std::string>{"folder/one.o=", "two.o="}));
}

TEST(Archive, ReadsNamesOfBsd) {
  const std::string bytes =
      "!<arch>\n" + Entry("#1/8", std::string("one.o\0\0\0code", 12));
  const auto archive = Archive::Parse(View(bytes));
  ASSERT_TRUE(archive.ok());
  EXPECT_EQ(Members(*archive), std::vector<std::string>{"one.o=code"});
}

TEST(Archive, ReadsIndexesOf64Bits) {
  const std::string zero(4, '\0');
  const std::string index =
      zero + Word(1) + zero + Word(8 + 60 + 20) + std::string("one\0", 4);
  const std::string bytes =
      "!<arch>\n" + Entry("/SYM64/", index) + Entry("one.o/", "code");
  const auto archive = Archive::Parse(View(bytes));
  ASSERT_TRUE(archive.ok());
  uint64_t at = 0;
  ASSERT_TRUE(
      archive->ForEachSymbol([&](StringRef, uint64_t offset) { at = offset; })
          .ok());
  ASSERT_TRUE(archive->At(at).ok());
  EXPECT_EQ(Text(archive->At(at)->contents), "code");
}

TEST(Archive, RefusesWhatIsNone) {
  EXPECT_FALSE(Archive::Parse(View("")).ok());
  EXPECT_FALSE(Archive::Parse(View("!<arch>")).ok());
  EXPECT_FALSE(Archive::Parse(View("\177ELF....")).ok());
  EXPECT_TRUE(Archive::Parse(View("!<arch>\n")).ok());
}

TEST(Archive, RefusesIndexesThatPromiseTooMuch) {
  for (const uint32_t count : {4u, 0x40000000u, UINT32_MAX}) {
    const std::string bytes =
        "!<arch>\n" + Entry("/", Word(count) + Word(8) + Word(8) + Word(8));
    EXPECT_FALSE(Archive::Parse(View(bytes)).ok()) << count;
  }
  // Names that are not there.
  const std::string bytes = "!<arch>\n" + Entry("/", Word(1) + Word(8));
  const auto archive = Archive::Parse(View(bytes));
  ASSERT_TRUE(archive.ok());
  EXPECT_FALSE(archive->ForEachSymbol([](StringRef, uint64_t) {}).ok());
}

TEST(Archive, RefusesMalformedMembers) {
  const std::string good = Entry("one.o/", "code");
  const auto first = [](const std::string& members) {
    const std::string bytes = "!<arch>\n" + members;
    const auto archive = Archive::Parse(View(bytes));
    return archive.ok() && archive->At(8).ok();
  };
  EXPECT_TRUE(first(good));
  std::string no_end = good;
  no_end[58] = '\'';
  EXPECT_FALSE(first(no_end));
  EXPECT_FALSE(first(Header("one.o/", 5) + "code"));
  std::string no_size = good;
  no_size.replace(48, 10, "-1        ");
  EXPECT_FALSE(first(no_size));
  // A name where there are none, and one longer than its member.
  EXPECT_FALSE(first(Entry("/7", "code")));
  EXPECT_FALSE(first(Entry("#1/5", "code") + std::string(8, ' ')));
}

TEST(Archive, MayEndAnywhere) {
  const std::string bytes = GnuArchive();
  for (size_t size = 0; size < bytes.size(); ++size) {
    // Its own memory, so that reading past the end is seen.
    const std::vector<char> part(bytes.begin(),
                                 bytes.begin() + static_cast<long>(size));
    const auto archive = Archive::Parse(ByteView(part.data(), part.size()));
    if (!archive.ok()) continue;
    (void)Members(*archive);
    (void)archive->ForEachSymbol(
        [&](StringRef, uint64_t offset) { (void)archive->At(offset); });
  }
}

}  // namespace
}  // namespace relink::elf
