// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/fixed_backend.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "gtest/gtest.h"

namespace relink {
namespace {

constexpr uint64_t kPage = 1024;
constexpr RuntimeAddr kTarget(0x8000'0000);

// Sixteen pages that the target sees at kTarget.
class FixedBackendTest : public testing::Test {
 protected:
  FixedBackend::Memory Memory() {
    return {.bytes = bytes_,
            .address = kTarget,
            .protections = protections_,
            .page_size = kPage};
  }
  static RuntimeRange Pages(uint64_t first, uint64_t count) {
    return {kTarget + first * kPage, count * kPage};
  }

  std::vector<std::byte> bytes_ =
      std::vector<std::byte>(16 * kPage, std::byte{0xcc});
  std::vector<Protection> protections_ = std::vector<Protection>(16);
};

// A "file" is the context's bytes.
Result<uint64_t> ReadVector(void* context, FileHandle, FileOffset offset,
                            std::span<std::byte> into) {
  const auto& file = *static_cast<const std::vector<std::byte>*>(context);
  if (offset.value() >= file.size()) return uint64_t{0};
  uint64_t count = std::min(into.size(), file.size() - offset.value());
  std::copy_n(file.data() + offset.value(), count, into.data());
  return count;
}

TEST_F(FixedBackendTest, ReservesAtTheTargetsAddressesInTheCallersBytes) {
  FixedBackend backend(Memory());
  auto first = backend.Reserve({.size = kPage, .alignment = kPage});
  auto second = backend.Reserve({.size = 2 * kPage, .alignment = 4 * kPage});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(*first, Pages(0, 1));
  EXPECT_EQ(*second, Pages(4, 2));
  EXPECT_EQ(backend.Bytes(second->begin), bytes_.data() + 4 * kPage);
  EXPECT_EQ(backend.page_size(), kPage);
  EXPECT_FALSE(backend.runs_here());
}

TEST_F(FixedBackendTest, UsesWhatWasReleasedAgain) {
  FixedBackend backend(Memory());
  auto first = backend.Reserve({.size = 8 * kPage, .alignment = kPage});
  auto second = backend.Reserve({.size = 8 * kPage, .alignment = kPage});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_FALSE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  backend.Release(*first);
  EXPECT_EQ(backend.reservations().size(), 1u);
  EXPECT_EQ(*backend.Reserve({.size = kPage, .alignment = kPage}), Pages(0, 1));
}

TEST_F(FixedBackendTest, KeepsAFixedAddressOrRefuses) {
  FixedBackend backend(Memory());
  MappingBackend::Request request{.size = kPage,
                                  .alignment = kPage,
                                  .address = kTarget + 3 * kPage,
                                  .fixed = true};
  EXPECT_EQ(*backend.Reserve(request), Pages(3, 1));
  for (RuntimeAddr address : {request.address, kTarget - kPage}) {
    request.address = address;
    auto range = backend.Reserve(request);
    ASSERT_FALSE(range.ok());
    EXPECT_EQ(range.error().code, ErrorCode::kMismatch);
  }
}

TEST_F(FixedBackendTest, WritesProtectionsDown) {
  FixedBackend backend(Memory());
  auto reserved = backend.Reserve({.size = 4 * kPage, .alignment = kPage});
  ASSERT_TRUE(reserved.ok());
  ASSERT_TRUE(backend.MapZero(Pages(1, 1)).ok());
  ASSERT_TRUE(backend.Protect(Pages(2, 2), Protection::kReadExecute).ok());
  EXPECT_EQ(backend.ProtectionAt(kTarget), Protection::kNone);
  EXPECT_EQ(backend.ProtectionAt(kTarget + kPage), Protection::kReadWrite);
  EXPECT_EQ(backend.ProtectionAt(kTarget + (4 * kPage - 1)),
            Protection::kReadExecute);
  EXPECT_EQ(protections_[2], Protection::kReadExecute);
  EXPECT_EQ(backend.ProtectionAt(kTarget + 16 * kPage), Protection::kNone);
  EXPECT_EQ(backend.ProtectionAt(kTarget - 1), Protection::kNone);
  backend.Release(*reserved);
  EXPECT_EQ(backend.ProtectionAt(kTarget + 2 * kPage), Protection::kNone);
}

TEST_F(FixedBackendTest, ZerosOnlyWhatIsAskedFor) {
  FixedBackend backend(Memory());
  ASSERT_TRUE(backend.Reserve({.size = 2 * kPage, .alignment = kPage}).ok());
  EXPECT_EQ(bytes_[0], std::byte{0xcc});
  ASSERT_TRUE(backend.MapZero(Pages(0, 1)).ok());
  EXPECT_EQ(std::ranges::count(bytes_, std::byte{0}),
            static_cast<int64_t>(kPage));
  ASSERT_TRUE(backend
                  .Reserve({.size = kPage,
                            .alignment = kPage,
                            .initial = Protection::kReadWrite})
                  .ok());
  EXPECT_EQ(bytes_[2 * kPage], std::byte{0});
}

TEST_F(FixedBackendTest, CannotMapFilesByItself) {
  FixedBackend backend(Memory());
  ASSERT_TRUE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  auto mapped =
      backend.MapFile(Pages(0, 1), {0}, FileOffset(0), Protection::kRead);
  ASSERT_FALSE(mapped.ok());
  EXPECT_EQ(mapped.error().code, ErrorCode::kUnsupported);
}

TEST_F(FixedBackendTest, CopiesFilesThatItIsGivenAReaderFor) {
  std::vector<std::byte> file(kPage + 100, std::byte{'x'});
  FixedBackend backend(Memory(), &ReadVector, &file);
  ASSERT_TRUE(backend.Reserve({.size = 3 * kPage, .alignment = kPage}).ok());
  ASSERT_TRUE(
      backend.MapFile(Pages(0, 2), {0}, FileOffset(0), Protection::kReadExecute)
          .ok());
  ASSERT_TRUE(
      backend
          .MapFile(Pages(2, 1), {0}, FileOffset(4 * kPage), Protection::kRead)
          .ok());
  std::span<std::byte> bytes(bytes_);
  EXPECT_EQ(std::ranges::count(bytes.first(kPage + 100), std::byte{'x'}),
            static_cast<int64_t>(kPage + 100));
  EXPECT_EQ(std::ranges::count(bytes.first(3 * kPage), std::byte{0}),
            static_cast<int64_t>(2 * kPage - 100));
  EXPECT_EQ(backend.ProtectionAt(kTarget), Protection::kReadExecute);
}

TEST_F(FixedBackendTest, RefusesRangesOutsideOfAReservation) {
  FixedBackend backend(Memory());
  ASSERT_TRUE(backend.Reserve({.size = 2 * kPage, .alignment = kPage}).ok());
  for (RuntimeRange bad :
       {Pages(1, 2), Pages(0, 0), RuntimeRange{kTarget + 1, kPage},
        RuntimeRange{kTarget, UINT64_MAX - kPage + 1}}) {
    EXPECT_FALSE(backend.MapZero(bad).ok());
    auto changed = backend.Protect(bad, Protection::kRead);
    ASSERT_FALSE(changed.ok());
    EXPECT_EQ(changed.error().code, ErrorCode::kInternal);
  }
  backend.Release(Pages(0, 1));
  EXPECT_EQ(backend.reservations().size(), 1u);
}

TEST_F(FixedBackendTest, LeavesPartsOfPagesUnused) {
  FixedBackend::Memory memory = Memory();
  memory.address = kTarget + 100;
  FixedBackend backend(memory);
  EXPECT_EQ(backend.usable(), Pages(1, 15));
  EXPECT_EQ(backend.Bytes(kTarget + kPage), bytes_.data() + kPage - 100);
}

TEST_F(FixedBackendTest, UsesNoMorePagesThanThereIsRoomForProtections) {
  FixedBackend::Memory memory = Memory();
  memory.protections = memory.protections.first(3);
  EXPECT_EQ(FixedBackend(memory).usable(), Pages(0, 3));
}

TEST_F(FixedBackendTest, HasNothingToGiveInMemoryThatIsNoWholePage) {
  for (RuntimeAddr address : {RuntimeAddr(1), RuntimeAddr(UINT64_MAX),
                              RuntimeAddr(UINT64_MAX - 99)}) {
    FixedBackend::Memory memory = Memory();
    memory.address = address;
    memory.bytes = memory.bytes.first(kPage);
    FixedBackend backend(memory);
    EXPECT_EQ(backend.usable().size, 0u);
    EXPECT_FALSE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  }
}

TEST_F(FixedBackendTest, SaysSoWhenItsTableIsFull) {
  std::vector<std::byte> bytes(100 * kPage);
  std::vector<Protection> protections(100);
  FixedBackend backend({.bytes = bytes,
                        .address = kTarget,
                        .protections = protections,
                        .page_size = kPage});
  for (size_t i = 0; i < FixedBackend::kMaxReservations; ++i) {
    ASSERT_TRUE(backend.Reserve({.size = kPage, .alignment = kPage}).ok());
  }
  auto range = backend.Reserve({.size = kPage, .alignment = kPage});
  ASSERT_FALSE(range.ok());
  EXPECT_EQ(range.error().code, ErrorCode::kExhausted);
}

}  // namespace
}  // namespace relink
