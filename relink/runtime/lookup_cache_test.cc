// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/lookup_cache.h"

#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "relink/elf/symbol_name.h"
#include "relink/support/string_ref.h"

namespace relink {
namespace {

using elf::SymbolName;

SymbolName NameOf(const std::string& text) {
  return SymbolName(StringRef(text.data(), text.size()));
}

TEST(LookupCache, KnowsNothingAtFirst) {
  LookupCache cache;
  void* address = nullptr;
  EXPECT_FALSE(cache.Find("anything", &address));
}

TEST(LookupCache, RemembersWhatWasFoundAndWhatWasNot) {
  LookupCache cache;
  int object = 0;
  cache.Add("there", &object);
  cache.Add("missing", nullptr);
  void* address = nullptr;
  ASSERT_TRUE(cache.Find("there", &address));
  EXPECT_EQ(address, &object);
  ASSERT_TRUE(cache.Find("missing", &address));
  EXPECT_EQ(address, nullptr);
}

TEST(LookupCache, ComparesTextNotWhereItIs) {
  LookupCache cache;
  int object = 0;
  std::string text = "name";
  cache.Add(NameOf(text), &object);
  void* address = nullptr;
  EXPECT_TRUE(cache.Find("name", &address));
  text = "game";  // The same characters' place, another name.
  EXPECT_FALSE(cache.Find(NameOf(text), &address));
}

TEST(LookupCache, TellsNamesOfOneHashApart) {
  // 33 * 'b' + '!' == 33 * 'a' + 'B'.
  const SymbolName first = "b!";
  const SymbolName second = "aB";
  ASSERT_EQ(first.gnu_hash(), second.gnu_hash());
  LookupCache cache;
  int object = 0;
  cache.Add(first, &object);
  void* address = nullptr;
  EXPECT_FALSE(cache.Find(second, &address));
  cache.Add(second, nullptr);  // The place is taken.
  EXPECT_FALSE(cache.Find(second, &address));
  ASSERT_TRUE(cache.Find(first, &address));
  EXPECT_EQ(address, &object);
}

TEST(LookupCache, IsTheSameForAllThreads) {
  LookupCache cache;
  std::vector<std::string> names;
  names.reserve(200);
  for (int i = 0; i < 200; ++i) names.push_back("symbol" + std::to_string(i));
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int id = 0; id < 4; ++id) {
    threads.emplace_back([&] {
      for (std::string& name : names) {
        void* address = nullptr;
        if (cache.Find(NameOf(name), &address)) {
          EXPECT_EQ(address, &name);
        } else {
          cache.Add(NameOf(name), &name);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace relink
