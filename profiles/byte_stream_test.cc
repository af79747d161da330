// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/byte_stream.h"

#include <memory>
#include <span>
#include <string>
#include <utility>

#include "gtest/gtest.h"

namespace relink::profiles {
namespace {

// Gives one byte at a time, as a slow pipe does.
class Drops final : public ByteSource {
 public:
  explicit Drops(std::string text) : text_(std::move(text)) {}
  absl::StatusOr<size_t> Read(std::span<std::byte> into) override {
    if (at_ == text_.size()) return 0;
    into[0] = static_cast<std::byte>(text_[at_++]);
    return 1;
  }

 private:
  std::string text_;
  size_t at_ = 0;
};

std::string Text(const absl::StatusOr<ByteView>& view) {
  return std::string(reinterpret_cast<const char*>(view->data()), view->size());
}

TEST(ByteStream, ShowsWhatComesNext) {
  ByteStream in("x", std::make_unique<Drops>("hello world"));
  EXPECT_EQ(Text(in.Peek(5)), "hello");
  in.Advance(3);
  EXPECT_EQ(Text(in.Need(4)), "lo w");
  EXPECT_EQ(in.offset(), 3);
  EXPECT_TRUE(in.Skip(6).ok());
  EXPECT_EQ(Text(in.Peek(9)), "ld");
  in.Advance(2);
  EXPECT_EQ(Text(in.Peek(1)), "");
}

TEST(ByteStream, SaysWhereItEnds) {
  ByteStream in("x", std::make_unique<Drops>("abc"));
  in.Advance(Text(in.Peek(1)).size());
  EXPECT_EQ(in.Need(3).status().message(),
            "x: ends after 2 bytes of 3 (at 0x1)");
  EXPECT_EQ(in.Skip(4).message(), "x: ends 2 bytes too early (at 0x3)");
}

TEST(ByteStream, HasNoWindowWithoutEnd) {
  ByteStream in("x", std::make_unique<Drops>("abc"));
  EXPECT_EQ(in.Need(ByteStream::kMaxWindow + 1).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace relink::profiles
