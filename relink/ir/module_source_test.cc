// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/module_source.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr uint64_t kLarge = 300 * 1024;  // Too large to be read at once.

// Bytes that say where they stand.
char ByteAt(uint64_t offset) { return static_cast<char>(offset * 7 % 251); }

std::string Contents(uint64_t size) {
  std::string contents(size, '\0');
  for (uint64_t i = 0; i < size; ++i) contents[i] = ByteAt(i);
  return contents;
}

// A file of the test's own.
std::string WriteFile(const std::string& name, const std::string& contents) {
  std::string path = absl::StrCat(testing::TempDir(), "/", name);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << contents;
  return path;
}

std::string Text(ByteView view) {
  return std::string(reinterpret_cast<const char*>(view.data()), view.size());
}

ModuleSource OpenFile(const std::string& path) {
  auto source = ModuleSource::Open(path);
  EXPECT_TRUE(source.ok()) << source.status();
  return *std::move(source);
}

ModuleSource Memory(const std::string& contents) {
  return ModuleSource::FromMemory(std::as_bytes(std::span(contents)), "memory");
}

// Sanitizers end a program that asks for too much memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kMemoryMayRunOut = false;
#else
constexpr bool kMemoryMayRunOut = true;
#endif

bool IsOpen(int descriptor) { return fcntl(descriptor, F_GETFD) >= 0; }

TEST(ModuleSource, OfASmallFileIsReadAtOnce) {
  const std::string contents = Contents(1000);
  const std::string path = WriteFile("small", contents);
  ModuleSource source = OpenFile(path);
  EXPECT_EQ(source.name(), path);
  EXPECT_EQ(source.size(), 1000u);
  EXPECT_EQ(Text(source.prefix()), contents);
  EXPECT_FALSE(source.in_memory());
}

TEST(ModuleSource, OfALargeFileIsReadInPieces) {
  const std::string contents = Contents(kLarge);
  ModuleSource source = OpenFile(WriteFile("large", contents));
  EXPECT_GE(source.prefix().size(), 4096u);
  EXPECT_LT(source.prefix().size(), kLarge);
  // Across the end of the prefix, the same again, inside of it, to the end.
  const std::pair<uint64_t, uint64_t> ranges[] = {
      {4000, 9000},      {4000, 9000}, {5000, 10},  {12999, 2},
      {kLarge - 10, 10}, {0, kLarge},  {kLarge, 0}, {200000, 1}};
  std::vector<ByteView> views;
  for (const auto& [offset, size] : ranges) {
    auto view = source.Read(offset, size);
    ASSERT_TRUE(view.ok()) << view.status();
    views.push_back(*view);
  }
  // Everything stays valid.
  const ModuleSource moved = std::move(source);
  for (size_t i = 0; i < views.size(); ++i) {
    EXPECT_EQ(Text(views[i]),
              contents.substr(ranges[i].first, ranges[i].second));
  }
}

TEST(ModuleSource, RefusesToReadPastTheEnd) {
  const std::string contents = Contents(kLarge);
  ModuleSource file = OpenFile(WriteFile("large", contents));
  ModuleSource memory = Memory(contents);
  for (ModuleSource* source : {&file, &memory}) {
    for (const auto& [offset, size] : {std::pair<uint64_t, uint64_t>{kLarge, 1},
                                       {kLarge - 1, 2},
                                       {kLarge + 1, 0},
                                       {UINT64_MAX, 1},
                                       {1, UINT64_MAX},
                                       {UINT64_MAX, UINT64_MAX},
                                       {0, uint64_t{1} << 40}}) {
      const absl::Status status = source->Read(offset, size).status();
      EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
      EXPECT_EQ(
          status.message(),
          absl::StrCat("0x", absl::Hex(size), " bytes at offset 0x",
                       absl::Hex(offset), " run past the end of the file"));
    }
  }
}

TEST(ModuleSource, SaysThatAFileBecameShorter) {
  const std::string path = WriteFile("shrinking", Contents(kLarge));
  ModuleSource source = OpenFile(path);
  ASSERT_EQ(truncate(path.c_str(), 5000), 0);
  const absl::Status status = source.Read(6000, 100).status();
  EXPECT_EQ(status,
            absl::OutOfRangeError("file became shorter while it was read"));
  std::vector<std::byte> into(2000);
  EXPECT_EQ(source.ReadInto(4500, into), status);
  // What was read before is still there.
  EXPECT_TRUE(source.Read(0, 4096).ok());
}

TEST(ModuleSource, ReadsStrings) {
  std::string contents(kLarge, 'x');
  for (const uint64_t end : {10u, 4100u, 100000u, 200000u}) contents[end] = 0;
  ModuleSource file = OpenFile(WriteFile("strings", contents));
  ModuleSource memory = Memory(contents);
  for (ModuleSource* source : {&file, &memory}) {
    EXPECT_EQ(*source->ReadString(8, kLarge), "xx");
    EXPECT_EQ(*source->ReadString(10, 11), "");
    EXPECT_EQ(*source->ReadString(4000, kLarge), std::string(100, 'x'));
    EXPECT_EQ(*source->ReadString(99995, 100001), "xxxxx");
    EXPECT_EQ(*source->ReadString(100001, kLarge), std::string(99999, 'x'));
  }
}

TEST(ModuleSource, RefusesAStringThatDoesNotEnd) {
  const std::string contents = Contents(10) + std::string(kLarge, 'x');
  ModuleSource file = OpenFile(WriteFile("unterminated", contents));
  ModuleSource memory = Memory(contents);
  for (ModuleSource* source : {&file, &memory}) {
    // Up to its end, to the end of the file, and nowhere to look.
    for (const uint64_t end : {uint64_t{100}, uint64_t{9000},
                               uint64_t{contents.size()}, uint64_t{50}}) {
      EXPECT_EQ(
          source->ReadString(50, end).status(),
          absl::InvalidArgumentError(absl::StrCat(
              "no string at offset 0x32 ends before 0x", absl::Hex(end))));
    }
    // An end that is past that of the file.
    for (const uint64_t end : {contents.size() + 1, uint64_t{UINT64_MAX}}) {
      EXPECT_FALSE(source->ReadString(contents.size() - 3, end).ok()) << end;
    }
    EXPECT_FALSE(source->ReadString(UINT64_MAX - 1, UINT64_MAX).ok());
  }
}

TEST(ModuleSource, CopiesBytes) {
  const std::string contents = Contents(kLarge);
  ModuleSource file = OpenFile(WriteFile("large", contents));
  ModuleSource memory = Memory(contents);
  for (ModuleSource* source : {&file, &memory}) {
    for (const uint64_t offset : {uint64_t{0}, uint64_t{4090}, kLarge - 20}) {
      std::string into(20, '\0');
      ASSERT_TRUE(
          source->ReadInto(offset, std::as_writable_bytes(std::span(into)))
              .ok());
      EXPECT_EQ(into, contents.substr(offset, 20));
    }
  }
}

TEST(ModuleSource, ClosesWhatItOpened) {
  ModuleSource source = OpenFile(WriteFile("small", "contents"));
  const int descriptor = source.file().value;
  EXPECT_TRUE(IsOpen(descriptor));
  source.CloseFile();
  EXPECT_FALSE(IsOpen(descriptor));
  EXPECT_EQ(source.file().value, -1);
  EXPECT_EQ(Text(source.prefix()), "contents");
  source.CloseFile();

  int second = -1;
  {
    ModuleSource moved = OpenFile(WriteFile("small", "contents"));
    second = moved.file().value;
    const ModuleSource to = std::move(moved);
    EXPECT_TRUE(IsOpen(second));
  }
  EXPECT_FALSE(IsOpen(second));
}

TEST(ModuleSource, LeavesADescriptorOpenAndWhereItWas) {
  const std::string path = WriteFile("large", Contents(kLarge));
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  ASSERT_EQ(lseek(descriptor, 77, SEEK_SET), 77);
  {
    auto source = ModuleSource::FromDescriptor(descriptor, "a name");
    ASSERT_TRUE(source.ok()) << source.status();
    EXPECT_EQ(source->name(), "a name");
    EXPECT_EQ(source->size(), kLarge);
    EXPECT_TRUE(source->Read(100000, 10).ok());
    source->CloseFile();
  }
  EXPECT_EQ(lseek(descriptor, 0, SEEK_CUR), 77);
  close(descriptor);
}

TEST(ModuleSource, IsTheSameFileUnderAnyName) {
  const std::string path = WriteFile("first", "contents");
  const std::string other = absl::StrCat(testing::TempDir(), "/second");
  unlink(other.c_str());
  ASSERT_EQ(link(path.c_str(), other.c_str()), 0);
  EXPECT_EQ(OpenFile(path).identity(), OpenFile(other).identity());
  EXPECT_NE(OpenFile(path).identity(),
            OpenFile(WriteFile("third", "contents")).identity());
  EXPECT_EQ(Memory("contents").identity(), FileIdentity());
  EXPECT_TRUE(Memory("contents").in_memory());
}

TEST(ModuleSource, RefusesWhatIsNoFile) {
  const std::string folder = testing::TempDir();
  const absl::Status missing = ModuleSource::Open(folder + "/absent").status();
  EXPECT_EQ(missing, absl::NotFoundError(absl::StrCat(
                         folder, "/absent: open: No such file or directory")));
  EXPECT_EQ(ModuleSource::Open("").status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(
      ModuleSource::Open(WriteFile("file", "x") + "/below").status().code(),
      absl::StatusCode::kNotFound);
  for (const std::string& path : {folder, std::string("/dev/null")}) {
    EXPECT_EQ(ModuleSource::Open(path).status(),
              absl::InvalidArgumentError(path + ": not a regular file"));
  }
  const std::string empty = WriteFile("empty", "");
  EXPECT_EQ(ModuleSource::Open(empty).status(),
            absl::InvalidArgumentError(empty + ": file is empty"));
  EXPECT_EQ(ModuleSource::FromDescriptor(-1, "closed").status().code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(ModuleSource, RefusesADescriptorThatCannotBeRead) {
  const std::string path = WriteFile("write_only", "contents");
  const int descriptor = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  EXPECT_EQ(ModuleSource::FromDescriptor(descriptor, "name").status(),
            absl::ResourceExhaustedError("name: pread: Bad file descriptor"));
  close(descriptor);
}

TEST(ModuleSource, ThatIsLargerThanMemoryIsNotReadAtOnce) {
  if (!kMemoryMayRunOut) GTEST_SKIP();
  constexpr uint64_t kHuge = uint64_t{1} << 42;
  const std::string path = WriteFile("sparse", Contents(kLarge));
  ASSERT_EQ(truncate(path.c_str(), kHuge), 0);
  ModuleSource source = OpenFile(path);
  EXPECT_EQ(source.size(), kHuge);
  const absl::Status status = source.Read(0x10, kHuge - 0x10).status();
  EXPECT_EQ(status, absl::ResourceExhaustedError(
                        "no memory for 0x3fffffffff0 bytes at offset 0x10"));
  EXPECT_TRUE(source.Read(kLarge, 100).ok());
  unlink(path.c_str());
}

}  // namespace
}  // namespace relink
