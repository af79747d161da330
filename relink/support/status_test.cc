// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/status.h"

#include <cerrno>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(ToStatus, PutsTheContextFirstAndThePlaceLast) {
  const absl::Status status = ToStatus(
      {ErrorCode::kOutOfRange, "segment runs past the end of the file", 0x40},
      "libfoo.so");
  EXPECT_EQ(status.message(),
            "libfoo.so: segment runs past the end of the file (at 0x40)");
}

TEST(ToStatus, NamesTheKernelsReason) {
  const absl::Status status = ToStatus(
      {ErrorCode::kExhausted, "mmap refused", 0x1000, ENOMEM}, "libfoo.so");
  EXPECT_EQ(status.message(),
            "libfoo.so: mmap refused (at 0x1000): Cannot allocate memory");
}

TEST(ToStatus, GivesEveryCodeItsOwnStatusCode) {
  std::set<absl::StatusCode> codes;
  for (ErrorCode code :
       {ErrorCode::kMalformed, ErrorCode::kOutOfRange, ErrorCode::kUnsupported,
        ErrorCode::kNotFound, ErrorCode::kMismatch, ErrorCode::kExhausted,
        ErrorCode::kInternal}) {
    codes.insert(ToStatus({code, "x"}, "y").code());
  }
  EXPECT_EQ(codes.size(), 7u);
  EXPECT_EQ(codes.count(absl::StatusCode::kOk), 0u);
}

TEST(ToStatus, BlamesMalformedInputOnTheArgument) {
  EXPECT_EQ(ToStatus({ErrorCode::kMalformed, "x"}, "y").code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(Annotate, AddsOneNounInFront) {
  EXPECT_EQ(
      Annotate(absl::NotFoundError("no symbol bar"), "libfoo.so").message(),
      "libfoo.so: no symbol bar");
}

TEST(Annotate, KeepsTheCode) {
  EXPECT_EQ(Annotate(absl::NotFoundError("x"), "y").code(),
            absl::StatusCode::kNotFound);
}

TEST(Annotate, LeavesOkAlone) {
  EXPECT_TRUE(Annotate(absl::OkStatus(), "libfoo.so").ok());
}

TEST(View, AndRefAreInverse) {
  EXPECT_EQ(View("abc"), "abc");
  EXPECT_TRUE(Ref("abc") == StringRef("abc"));
}

}  // namespace
}  // namespace relink
