// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/symbol_name.h"

#include <string>

#include "gtest/gtest.h"

namespace relink::elf {
namespace {

// Values that descriptions of the two tables print for these names.
TEST(GnuHash, HasItsKnownValues) {
  EXPECT_EQ(GnuHash(""), 0x00001505u);
  EXPECT_EQ(GnuHash("printf"), 0x156b2bb8u);
  EXPECT_EQ(GnuHash("exit"), 0x7c967e3fu);
  EXPECT_EQ(GnuHash("syscall"), 0xbac212a0u);
  EXPECT_EQ(GnuHash("flapenguin.me"), 0x8ae9f18eu);
}

TEST(SysvHash, HasItsKnownValues) {
  EXPECT_EQ(SysvHash(""), 0x0u);
  EXPECT_EQ(SysvHash("printf"), 0x077905a6u);
  EXPECT_EQ(SysvHash("exit"), 0x0006cf04u);
  EXPECT_EQ(SysvHash("syscall"), 0x0b09985cu);
  EXPECT_EQ(SysvHash("GLIBC_2.2.5"), 0x09691a75u);
}

// gABI, "Hash Table": as printed there.
uint32_t GabiHash(const std::string& name) {
  uint32_t h = 0;
  for (char c : name) {
    h = (h << 4) + static_cast<unsigned char>(c);
    const uint32_t g = h & 0xf0000000;
    if (g != 0) h ^= g >> 24;
    h &= ~g;
  }
  return h;
}

TEST(SysvHash, EqualsTheSpecificationsOwnText) {
  std::string name;
  for (int i = 0; i < 400; ++i) {
    EXPECT_EQ(SysvHash(StringRef(name.data(), name.size())), GabiHash(name));
    name += static_cast<char>(i * 89 + 7);
  }
}

TEST(SysvHash, StaysBelow28Bits) {
  EXPECT_LT(SysvHash("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), 1u << 28);
}

TEST(Hashes, ReadCharactersAsUnsigned) {
  EXPECT_EQ(GnuHash("\x80"), 5381u * 33 + 0x80);
  EXPECT_EQ(SysvHash("\x80"), 0x80u);
}

TEST(SymbolName, HashesALiteralAtCompileTime) {
  constexpr SymbolName kName = "printf";
  static_assert(kName.gnu_hash() == 0x156b2bb8);
  EXPECT_TRUE(kName.text() == StringRef("printf"));
}

TEST(SymbolName, HashesARuntimeName) {
  const std::string text = "exit";
  const SymbolName name(StringRef(text.data(), text.size()));
  EXPECT_EQ(name.gnu_hash(), 0x7c967e3fu);
}

}  // namespace
}  // namespace relink::elf
