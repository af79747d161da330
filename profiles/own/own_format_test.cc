// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/own/own_format.h"

#include <random>
#include <sstream>

#include "gtest/gtest.h"
#include "profiles/print_profile.h"
#include "profiles/testing/random_profile.h"

namespace relink::profiles {
namespace {

std::string Written(const Profile& profile) {
  std::ostringstream out;
  EXPECT_TRUE(WriteOwnFormat(profile, out).ok());
  return out.str();
}

absl::StatusOr<Profile> Read(const std::string& bytes) {
  return ReadOwnFormat(ByteStream("p", std::make_unique<MemorySource>(ByteView(
                                           bytes.data(), bytes.size()))),
                       {});
}

TEST(OwnFormat, KeepsAllOfAProfile) {
  std::mt19937 random(2);
  for (int i = 0; i < 200; ++i) {
    const Profile profile = RandomProfile(random);
    const auto read = Read(Written(profile));
    ASSERT_TRUE(read.ok()) << read.status();
    ASSERT_EQ(PrintProfile(*read), PrintProfile(profile));
  }
}

TEST(OwnFormat, GivesEqualBytesForEqualProfiles) {
  std::mt19937 random(3);
  for (int i = 0; i < 50; ++i) {
    const Profile a = RandomProfile(random);
    const Profile b = RandomProfile(random);
    Profile ab = a, ba = b;
    ab.Merge(b);
    ba.Merge(a);
    ASSERT_EQ(Written(ab), Written(ba));
  }
}

TEST(OwnFormat, NoticesDamageAnywhere) {
  std::mt19937 random(4);
  const Profile profile = RandomProfile(random);
  const std::string bytes = Written(profile);
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(Read(bytes.substr(0, size)).ok()) << size;
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x10);
    // zstd has a few bits that mean nothing.
    const auto read = Read(damaged);
    if (!read.ok()) continue;
    EXPECT_EQ(PrintProfile(*read), PrintProfile(profile)) << i;
  }
}

TEST(OwnFormat, SaysWhichVersionItDoesNotKnow) {
  std::string bytes = Written(Profile());
  bytes[8] = 9;
  EXPECT_EQ(Read(bytes).status().message(),
            "p: version 9 of the format (at 0x0)");
}

}  // namespace
}  // namespace relink::profiles
