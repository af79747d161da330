// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/ld_cache.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// A cache as ldconfig writes it, to be spoilt.
class Cache {
 public:
  struct Entry {
    std::string soname;
    std::string path;
    uint32_t flags = 0x303;
    uint64_t hwcap = 0;
  };

  Cache(const std::vector<Entry>& entries,
        const std::vector<std::string>& hwcaps) {
    bytes_ = "glibc-ld.so.cache1.1";
    Word(static_cast<uint32_t>(entries.size()));
    const size_t string_size_at = bytes_.size();
    Word(0);
    bytes_ += std::string(4, '\0');
    const size_t extension_at = bytes_.size();
    bytes_ += std::string(16, '\0');
    const size_t first = bytes_.size();
    bytes_ += std::string(24 * entries.size(), '\0');
    const size_t strings = bytes_.size();
    for (size_t i = 0; i < entries.size(); ++i) {
      const size_t at = first + 24 * i;
      Set(at, entries[i].flags);
      Set(at + 4, Text(entries[i].soname));
      Set(at + 8, Text(entries[i].path));
      std::memcpy(&bytes_[at + 16], &entries[i].hwcap, 8);
    }
    std::vector<uint32_t> names;
    for (const std::string& hwcap : hwcaps) names.push_back(Text(hwcap));
    Set(string_size_at, static_cast<uint32_t>(bytes_.size() - strings));
    if (hwcaps.empty()) return;
    Set(extension_at, static_cast<uint32_t>(bytes_.size()));
    Word(0xeaa42174);
    Word(1);
    Word(1);  // The tag.
    Word(0);
    Word(static_cast<uint32_t>(bytes_.size() + 8));
    Word(static_cast<uint32_t>(4 * names.size()));
    for (const uint32_t name : names) Word(name);
  }

  std::string& bytes() { return bytes_; }
  absl::StatusOr<LdCache> Parse() const {
    return LdCache::Parse(std::as_bytes(std::span(bytes_)), "cache");
  }

 private:
  void Word(uint32_t value) {
    bytes_.resize(bytes_.size() + 4);
    Set(bytes_.size() - 4, value);
  }
  void Set(size_t at, uint32_t value) { std::memcpy(&bytes_[at], &value, 4); }
  uint32_t Text(const std::string& text) {
    const auto at = static_cast<uint32_t>(bytes_.size());
    bytes_ += text;
    bytes_ += '\0';
    return at;
  }

  std::string bytes_;
};

constexpr uint64_t kExtension = uint64_t{1} << 62;

Cache Usual() {
  return Cache({{.soname = "libz.so.1", .path = "/lib/libz.so.1"},
                {.soname = "libz.so.1",
                 .path = "/lib/glibc-hwcaps/x86-64-v3/libz.so.1",
                 .hwcap = kExtension | 1},
                {.soname = "liba.so", .path = "/lib32/liba.so", .flags = 3},
                {.soname = "liba.so", .path = "/lib/liba.so"}},
               {"x86-64-v2", "x86-64-v3"});
}

TEST(LdCache, FindsLibrariesBySoname) {
  const auto cache = Usual().Parse();
  ASSERT_TRUE(cache.ok()) << cache.status();
  EXPECT_EQ(cache->size(), 3u);
  EXPECT_THAT(cache->Find("liba.so", {}), ElementsAre("/lib/liba.so"));
  EXPECT_THAT(cache->Find("libnone.so", {}), IsEmpty());
}

TEST(LdCache, PrefersTheProcessorsOwn) {
  const auto cache = Usual().Parse();
  ASSERT_TRUE(cache.ok()) << cache.status();
  const std::vector<std::string> new_processor = {"x86-64-v3", "x86-64-v2"};
  EXPECT_THAT(
      cache->Find("libz.so.1", new_processor),
      ElementsAre("/lib/glibc-hwcaps/x86-64-v3/libz.so.1", "/lib/libz.so.1"));
  const std::vector<std::string> old_processor = {"x86-64-v2"};
  EXPECT_THAT(cache->Find("libz.so.1", old_processor),
              ElementsAre("/lib/libz.so.1"));
}

TEST(LdCache, OfThisMachineHasLibc) {
  const auto cache = LdCache::Read("/etc/ld.so.cache");
  ASSERT_TRUE(cache.ok()) << cache.status();
  EXPECT_THAT(cache->Find("libc.so.6", {}), testing::Not(IsEmpty()));
}

TEST(LdCache, RefusesWhatIsNone) {
  Cache cache = Usual();
  cache.bytes()[0] = 'x';
  EXPECT_EQ(
      cache.Parse().status(),
      absl::InvalidArgumentError("cache: is no ld.so.cache of the format 1.1"));
  EXPECT_EQ(LdCache::Read("/nowhere").status().code(),
            absl::StatusCode::kNotFound);
}

TEST(LdCache, SurvivesTruncationAndEveryChangedByte) {
  const std::string whole = Usual().bytes();
  for (size_t size = 0; size < whole.size(); ++size) {
    Cache cache = Usual();
    cache.bytes().resize(size);
    EXPECT_FALSE(cache.Parse().ok()) << size;
  }
  for (size_t at = 20; at < whole.size(); ++at) {
    for (const char value : {'\x00', '\x7f', '\xff'}) {
      Cache cache = Usual();
      cache.bytes()[at] = value;
      (void)cache.Parse();
    }
  }
}

}  // namespace
}  // namespace relink
