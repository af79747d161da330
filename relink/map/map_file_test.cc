// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// How every way to reach the kernel maps files.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "relink/map/linux_syscall_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "relink/map/reservation.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;

// A file of `size` bytes, all of them 'x'.
class TestFile {
 public:
  explicit TestFile(size_t size) : handle_{::memfd_create("test", 0)} {
    std::string contents(size, 'x');
    EXPECT_EQ(::write(handle_.value, contents.data(), size),
              static_cast<ssize_t>(size));
  }
  TestFile(const TestFile&) = delete;
  ~TestFile() { ::close(handle_.value); }

  FileHandle handle() const { return handle_; }

 private:
  FileHandle handle_;
};

// Asks the kernel, which answers where a load would be a fault.
bool CanRead(const std::byte* byte) {
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  ssize_t count = ::write(ends[1], byte, 1);
  ::close(ends[0]);
  ::close(ends[1]);
  return count == 1;
}

// Two reserved pages of one backend.
template <typename Backend>
class MapFileTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made =
        Reservation::Make(backend_, {.size = 2 * kPage, .alignment = kPage});
    ASSERT_TRUE(made.ok());
    reservation_ = *std::move(made);
  }

  RuntimeRange both() const { return reservation_.range(); }
  RuntimeRange first() const { return {both().begin, kPage}; }
  RuntimeRange second() const { return {both().begin + kPage, kPage}; }
  std::span<std::byte> BytesOf(RuntimeRange range) {
    return {backend_.Bytes(range.begin), range.size};
  }

  Backend backend_;
  Reservation reservation_;
};

using Backends = testing::Types<PosixBackend, LinuxSyscallBackend>;
TYPED_TEST_SUITE(MapFileTest, Backends);

TYPED_TEST(MapFileTest, ZeroFillsTheLastPageOfTheFile) {
  TestFile file(kPage + 100);
  ASSERT_TRUE(this->backend_
                  .MapFile(this->both(), file.handle(), FileOffset(0),
                           Protection::kReadWrite)
                  .ok());
  std::span<std::byte> bytes = this->BytesOf(this->both());
  EXPECT_EQ(std::ranges::count(bytes.first(kPage + 100), std::byte{'x'}),
            static_cast<int64_t>(kPage + 100));
  EXPECT_EQ(std::ranges::count(bytes.subspan(kPage + 100), std::byte{0}),
            static_cast<int64_t>(kPage - 100));
}

TYPED_TEST(MapFileTest, BacksOnlyThePagesNamedByTheFileFromTheOffset) {
  TestFile file(kPage + 100);
  ASSERT_TRUE(this->backend_
                  .MapFile(this->first(), file.handle(), FileOffset(kPage),
                           Protection::kReadExecute)
                  .ok());
  EXPECT_EQ(this->BytesOf(this->first())[99], std::byte{'x'});
  EXPECT_EQ(this->BytesOf(this->first())[100], std::byte{0});
  EXPECT_EQ(PermissionsAt(this->first().begin), "r-xp");
  EXPECT_EQ(PermissionsAt(this->second().begin), "---p");
}

TYPED_TEST(MapFileTest, WritesStayPrivate) {
  TestFile file(kPage);
  ASSERT_TRUE(this->backend_
                  .MapFile(this->first(), file.handle(), FileOffset(0),
                           Protection::kReadWrite)
                  .ok());
  ASSERT_TRUE(this->backend_
                  .MapFile(this->second(), file.handle(), FileOffset(0),
                           Protection::kRead)
                  .ok());
  this->BytesOf(this->first())[0] = std::byte{'y'};
  EXPECT_EQ(this->BytesOf(this->second())[0], std::byte{'x'});
}

TYPED_TEST(MapFileTest, PagesWhollyPastTheEndOfTheFileCannotBeRead) {
  TestFile file(100);
  ASSERT_TRUE(this->backend_
                  .MapFile(this->both(), file.handle(), FileOffset(kPage),
                           Protection::kRead)
                  .ok());
  EXPECT_FALSE(CanRead(this->backend_.Bytes(this->both().begin)));
  ASSERT_TRUE(this->backend_.MapZero(this->both()).ok());
  EXPECT_TRUE(CanRead(this->backend_.Bytes(this->both().begin)));
}

TYPED_TEST(MapFileTest, ZeroFillsALargePageOfAFileOfKnownSize) {
  constexpr uint64_t kLarge = 16 * kPage;
  TypeParam backend(kLarge);
  auto made = Reservation::Make(backend, {.size = kLarge, .alignment = kLarge});
  ASSERT_TRUE(made.ok());
  for (const uint64_t size : {uint64_t{100}, kPage, 2 * kPage + 100, kLarge}) {
    TestFile file(size);
    ASSERT_TRUE(backend
                    .MapFile(made->range(), {file.handle().value, size},
                             FileOffset(0), Protection::kRead)
                    .ok());
    const std::byte* bytes = backend.Bytes(made->range().begin);
    EXPECT_EQ(bytes[size - 1], std::byte{'x'});
    ASSERT_TRUE(CanRead(bytes + kLarge - 1)) << size;
    EXPECT_EQ(std::count(bytes, bytes + kLarge, std::byte{'x'}),
              static_cast<int64_t>(size));
    EXPECT_EQ(PermissionsAt(made->range().begin), "r--p");
    EXPECT_EQ(PermissionsAt(made->range().begin + kLarge - 1), "r--p");
  }
}

TYPED_TEST(MapFileTest, ZerosReplaceAFile) {
  TestFile file(2 * kPage);
  ASSERT_TRUE(this->backend_
                  .MapFile(this->both(), file.handle(), FileOffset(0),
                           Protection::kRead)
                  .ok());
  ASSERT_TRUE(this->backend_.MapZero(this->second()).ok());
  EXPECT_EQ(PermissionsAt(this->second().begin), "rw-p");
  EXPECT_EQ(this->BytesOf(this->second())[0], std::byte{0});
  EXPECT_EQ(PermissionsAt(this->first().begin), "r--p");
  EXPECT_EQ(this->BytesOf(this->first())[0], std::byte{'x'});
}

TYPED_TEST(MapFileTest, ErrorsNameTheCallThePlaceAndTheErrno) {
  auto mapped = this->backend_.MapFile(this->both(), {-1}, FileOffset(0),
                                       Protection::kRead);
  ASSERT_FALSE(mapped.ok());
  EXPECT_EQ(mapped.error().code, ErrorCode::kExhausted);
  EXPECT_STREQ(mapped.error().what, "mmap of file");
  EXPECT_EQ(mapped.error().offset, this->both().begin.value());
  EXPECT_EQ(mapped.error().os_error, EBADF);
}

TYPED_TEST(MapFileTest, RefusesOffsetsInsideAPageAndPastTheLargestFile) {
  TestFile file(kPage);
  for (uint64_t offset :
       {uint64_t{1}, UINT64_MAX - kPage + 1, (uint64_t{1} << 63) - kPage}) {
    EXPECT_FALSE(this->backend_
                     .MapFile(this->both(), file.handle(), FileOffset(offset),
                              Protection::kRead)
                     .ok())
        << offset;
  }
  EXPECT_EQ(PermissionsAt(this->both().begin), "---p");
}

}  // namespace
}  // namespace relink
