// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What holds of every way to reach the kernel.

#include "relink/map/kernel_mapping.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "relink/map/linux_syscall_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "relink/map/reservation.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 4096;

template <typename Backend>
class KernelMappingTest : public testing::Test {
 protected:
  Reservation Reserve(uint64_t pages, Protection initial = Protection::kNone) {
    auto made = Reservation::Make(
        backend_,
        {.size = pages * kPage, .alignment = kPage, .initial = initial});
    EXPECT_TRUE(made.ok());
    return *std::move(made);
  }
  static RuntimeRange Pages(const Reservation& reservation, uint64_t first,
                            uint64_t count) {
    return {reservation.range().begin + first * kPage, count * kPage};
  }
  std::span<std::byte> BytesOf(RuntimeRange range) {
    return {backend_.Bytes(range.begin), range.size};
  }

  Backend backend_;
};

using Backends = testing::Types<PosixBackend, LinuxSyscallBackend>;
TYPED_TEST_SUITE(KernelMappingTest, Backends);

TYPED_TEST(KernelMappingTest, ReservesAddressSpaceThatNobodyMayTouch) {
  Reservation reservation = this->Reserve(3);
  EXPECT_EQ(PermissionsAt(reservation.range().begin), "---p");
  EXPECT_EQ(PermissionsAt(reservation.range().end() - 1), "---p");
}

TYPED_TEST(KernelMappingTest, ReservesWritableZerosInOneCall) {
  Reservation reservation = this->Reserve(2, Protection::kReadWrite);
  EXPECT_EQ(PermissionsAt(reservation.range().begin), "rw-p");
  for (std::byte& byte : this->BytesOf(reservation.range())) {
    ASSERT_EQ(byte, std::byte{0});
    byte = std::byte{1};
  }
}

TYPED_TEST(KernelMappingTest, AlignsUpToTwoMegabytesAndGivesTheRestBack) {
  for (uint64_t alignment = kPage; alignment <= 512 * kPage; alignment *= 2) {
    MapsSnapshot before;
    {
      auto reservation = Reservation::Make(
          this->backend_, {.size = 3 * kPage, .alignment = alignment});
      ASSERT_TRUE(reservation.ok());
      EXPECT_EQ(reservation->range().begin.value() % alignment, 0u);
      EXPECT_EQ(reservation->range().size, 3 * kPage);
    }
    MapsSnapshot after;
    EXPECT_TRUE(before == after) << alignment;
  }
}

TYPED_TEST(KernelMappingTest, FollowsAHintThatIsFreeAndAligned) {
  RuntimeAddr free = this->Reserve(4).range().begin;
  auto hinted = Reservation::Make(
      this->backend_, {.size = kPage, .alignment = kPage, .address = free});
  ASSERT_TRUE(hinted.ok());
  EXPECT_EQ(hinted->range().begin, free);
}

TYPED_TEST(KernelMappingTest, AlignsEvenIfTheHintIsNotAligned) {
  RuntimeAddr free = this->Reserve(512).range().begin;
  if (free.value() % (2 * kPage) == 0) free = free + kPage;
  auto hinted = Reservation::Make(
      this->backend_, {.size = kPage, .alignment = 2 * kPage, .address = free});
  ASSERT_TRUE(hinted.ok());
  EXPECT_EQ(hinted->range().begin.value() % (2 * kPage), 0u);
}

TYPED_TEST(KernelMappingTest, ReservesAtAFixedAddressThatIsFree) {
  RuntimeAddr free = this->Reserve(2).range().begin;
  auto fixed = Reservation::Make(
      this->backend_,
      {.size = 2 * kPage, .alignment = kPage, .address = free, .fixed = true});
  ASSERT_TRUE(fixed.ok());
  EXPECT_EQ(fixed->range().begin, free);
}

TYPED_TEST(KernelMappingTest, NeverReservesOnTopOfAnotherMapping) {
  Reservation other = this->Reserve(2, Protection::kReadWrite);
  std::ranges::fill(this->BytesOf(other.range()), std::byte{7});
  MapsSnapshot before;
  auto fixed = this->backend_.Reserve({.size = 2 * kPage,
                                       .alignment = kPage,
                                       .address = other.range().begin + kPage,
                                       .fixed = true});
  MapsSnapshot after;
  ASSERT_FALSE(fixed.ok());
  EXPECT_EQ(fixed.error().code, ErrorCode::kMismatch);
  EXPECT_EQ(fixed.error().os_error, EEXIST);
  EXPECT_EQ(fixed.error().offset, other.range().begin.value() + kPage);
  EXPECT_TRUE(before == after);
  EXPECT_EQ(std::ranges::count(this->BytesOf(other.range()), std::byte{7}),
            static_cast<int64_t>(2 * kPage));
}

TYPED_TEST(KernelMappingTest, ProtectsOnlyThePagesNamed) {
  Reservation reservation = this->Reserve(4, Protection::kReadWrite);
  ASSERT_TRUE(
      this->backend_.Protect(this->Pages(reservation, 1, 1), Protection::kRead)
          .ok());
  ASSERT_TRUE(
      this->backend_
          .Protect(this->Pages(reservation, 2, 1), Protection::kReadExecute)
          .ok());
  ASSERT_TRUE(
      this->backend_.Protect(this->Pages(reservation, 3, 1), Protection::kNone)
          .ok());
  const char* expected[] = {"rw-p", "r--p", "r-xp", "---p"};
  for (uint64_t page = 0; page < 4; ++page) {
    EXPECT_EQ(PermissionsAt(reservation.range().begin + page * kPage),
              expected[page]);
  }
}

TYPED_TEST(KernelMappingTest, RunsCodeThatWasWrittenAndThenProtected) {
  Reservation reservation = this->Reserve(1, Protection::kReadWrite);
  constexpr unsigned char kCode[] = {0xb8, 42, 0, 0, 0,  // mov $42, %eax
                                     0xc3};              // ret
  std::byte* bytes = this->backend_.Bytes(reservation.range().begin);
  std::memcpy(bytes, kCode, sizeof(kCode));
  ASSERT_TRUE(
      this->backend_.Protect(reservation.range(), Protection::kReadExecute)
          .ok());
  EXPECT_FALSE(AnythingWritableAndExecutable());
  ASSERT_TRUE(this->backend_.runs_here());
  EXPECT_EQ(reinterpret_cast<int (*)()>(bytes)(), 42);
}

TYPED_TEST(KernelMappingTest, ErrorsNameTheCallThePlaceAndTheErrno) {
  Reservation reservation = this->Reserve(1);
  RuntimeAddr begin = reservation.range().begin;
  { Reservation released = std::move(reservation); }
  auto changed = this->backend_.Protect({begin, kPage}, Protection::kRead);
  ASSERT_FALSE(changed.ok());
  EXPECT_STREQ(changed.error().what, "mprotect");
  EXPECT_EQ(changed.error().os_error, ENOMEM);

  constexpr uint64_t kTooMuch = uint64_t{1} << 62;
  auto reserved =
      this->backend_.Reserve({.size = kTooMuch, .alignment = kPage});
  ASSERT_FALSE(reserved.ok());
  EXPECT_EQ(reserved.error().code, ErrorCode::kExhausted);
  EXPECT_EQ(reserved.error().offset, kTooMuch);
  EXPECT_EQ(reserved.error().os_error, ENOMEM);
}

TYPED_TEST(KernelMappingTest, RefusesEmptyAndWrappingSizesBeforeTheKernelSees) {
  Reservation reservation = this->Reserve(1, Protection::kReadWrite);
  MapsSnapshot before;
  RuntimeAddr begin = reservation.range().begin;
  constexpr uint64_t kTop = UINT64_MAX - kPage + 1;
  for (uint64_t size : {uint64_t{0}, uint64_t{1}, kTop}) {
    RuntimeRange bad{begin, size};
    EXPECT_FALSE(
        this->backend_.Reserve({.size = size, .alignment = kPage}).ok());
    EXPECT_FALSE(this->backend_.MapZero(bad).ok());
    EXPECT_FALSE(this->backend_.Protect(bad, Protection::kRead).ok());
    EXPECT_FALSE(
        this->backend_.MapFile(bad, {0}, FileOffset(0), Protection::kRead)
            .ok());
  }
  MapsSnapshot after;
  EXPECT_TRUE(before == after);
}

TYPED_TEST(KernelMappingTest, AlignsToAPageSizeOfItsOwn) {
  constexpr uint64_t kLarge = 16 * kPage;
  TypeParam backend(kLarge);
  EXPECT_EQ(backend.page_size(), kLarge);
  for (int i = 0; i < 4; ++i) {
    auto reservation =
        Reservation::Make(backend, {.size = kLarge, .alignment = kLarge});
    ASSERT_TRUE(reservation.ok());
    EXPECT_EQ(reservation->range().begin.value() % kLarge, 0u);
    EXPECT_FALSE(
        backend.Protect({reservation->range().begin, kPage}, Protection::kRead)
            .ok());
  }
}

TYPED_TEST(KernelMappingTest, ManyThreadsMayUseOne) {
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([this] {
      for (int round = 0; round < 100; ++round) {
        auto made = Reservation::Make(
            this->backend_, {.size = 2 * kPage, .alignment = 8 * kPage});
        ASSERT_TRUE(made.ok());
        ASSERT_TRUE(this->backend_.MapZero(made->range()).ok());
        std::ranges::fill(this->BytesOf(made->range()), std::byte{1});
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace relink
