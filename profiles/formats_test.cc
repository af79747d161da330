// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/formats.h"

#include <zlib.h>
#include <zstd.h>

#include <random>
#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "profiles/print_profile.h"
#include "profiles/testing/random_profile.h"

namespace relink::profiles {
namespace {

std::string Zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(
      ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 1));
  return packed;
}

std::string Gzip(const std::string& text) {
  z_stream state = {};
  deflateInit2(&state, 1, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY);
  std::string packed(deflateBound(&state, text.size()), '\0');
  std::string copy = text;
  state.next_in = reinterpret_cast<Bytef*>(copy.data());
  state.avail_in = static_cast<uInt>(copy.size());
  state.next_out = reinterpret_cast<Bytef*>(packed.data());
  state.avail_out = static_cast<uInt>(packed.size());
  deflate(&state, Z_FINISH);
  packed.resize(state.total_out);
  deflateEnd(&state);
  return packed;
}

absl::StatusOr<Profile> Read(const std::string& bytes) {
  return ReadProfile(ByteStream("p", std::make_unique<MemorySource>(ByteView(
                                         bytes.data(), bytes.size()))));
}

std::string Written(const Profile& profile) {
  std::ostringstream out;
  EXPECT_TRUE((*FindFormat("own"))->write(profile, {}, out).ok());
  return out.str();
}

TEST(ReadProfile, LooksIntoCompressedFiles) {
  std::mt19937 random(5);
  const Profile profile = RandomProfile(random);
  const std::string bytes = Written(profile);
  for (const std::string& file :
       {bytes, Gzip(bytes), Zstd(bytes), Gzip(Zstd(bytes))}) {
    const auto read = Read(file);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(PrintProfile(*read), PrintProfile(profile));
  }
  const std::string packed = Gzip(bytes);
  EXPECT_EQ(Read(packed.substr(0, packed.size() - 9)).status().code(),
            absl::StatusCode::kOutOfRange);
}

TEST(ReadProfile, RefusesWhatIsNoProfile) {
  EXPECT_EQ(Read(std::string("\x7f") + "ELF").status().message(),
            "p: not a profile of a known format (at 0x0)");
}

TEST(FindFormat, SuggestsTheNearestName) {
  EXPECT_EQ(FindFormat("owm").status().message(),
            "no format owm; did you mean own?");
}

}  // namespace
}  // namespace relink::profiles
