// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/library.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/elf/constants.h"
#include "relink/link/loader.h"
#include "relink/map/mapping_backend.h"
#include "relink/map/proc_maps.h"
#include "relink/support/address.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

Library Load(const std::string& name) {
  Loader loader;
  auto library = loader.LoadDylib(TestdataPath(name));
  EXPECT_TRUE(library.ok()) << library.status();
  return *std::move(library);
}
Library Top() { return Load("dependencies/libtop.so"); }

const LibrarySymbol* Named(const std::vector<LibrarySymbol>& symbols,
                           absl::string_view name) {
  const auto found = std::ranges::find(symbols, name, &LibrarySymbol::name);
  return found == symbols.end() ? nullptr : &*found;
}

TEST(Library, GivesFunctions) {
  const Library library = Top();
  const auto function = library.Get<int()>("top_value");
  ASSERT_TRUE(function.ok()) << function.status();
  EXPECT_EQ((*function)(), 111);
}

TEST(Library, GivesVariables) {
  const Library library = Load("symbols/libinterposed.so");
  const auto variable = library.Get<int>("interposable_variable");
  ASSERT_TRUE(variable.ok()) << variable.status();
  EXPECT_EQ(**variable, 1);
  **variable = 2;
  EXPECT_EQ(*static_cast<int*>(library.Find("interposable_variable")), 2);
}

TEST(Library, FindsLiteralsAndOtherTextAlike) {
  const Library library = Top();
  void* const found = library.Find("top_value");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(library.Find(std::string("top_value")), found);
  EXPECT_EQ(library.Find(absl::string_view("top_value_and_more", 9)), found);
  const char* const text = "top_value";
  EXPECT_EQ(library.Find(text), found);
  EXPECT_EQ(library.Find("top_value"), found);  // Remembered.
}

TEST(Library, FindsWhatItNeeds) {
  const Library library = Top();
  EXPECT_EQ((*library.Get<int()>("bottom_value"))(), 1);
  EXPECT_NE(Load("cxx/libthrower.so").Find("malloc"), nullptr);
}

TEST(Library, SaysWhichSymbolIsNotThere) {
  const Library library = Top();
  EXPECT_EQ(library.Find("absent"), nullptr);
  EXPECT_EQ(library.Find(""), nullptr);
  const absl::Status status = library.Get<int()>("absent").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            absl::StrCat(library.name(),
                         ": no symbol absent in the library or "
                         "in what it needs"));
  // Asked again, once it is remembered.
  EXPECT_EQ(library.Get<int()>("absent").status(), status);
}

TEST(Library, IsKeptByItsHandles) {
  std::optional<Handle<int()>> function;
  {
    const Library library = Top();
    function.emplace(*library.Get<int()>("top_value"));
  }
  EXPECT_EQ((*function)(), 111);
}

TEST(Library, IsUnloadedWithTheLastOfItsCopies) {
  Library first = Load("relocations/libwords_in_large_file.so");
  const uint64_t base = first.base();
  {
    const Library second = first;
    first = Top();
    EXPECT_EQ(second.base(), base);
    EXPECT_EQ(PermissionsAt(RuntimeAddr(base)), "r--p");
  }
  EXPECT_NE(PermissionsAt(RuntimeAddr(base)), "r--p");
}

TEST(Library, SaysWhatItIs) {
  const Library library = Top();
  EXPECT_TRUE(absl::EndsWith(library.name(), "/libtop.so"));
  EXPECT_EQ(library.soname(), "libtop.so");
  EXPECT_THAT(library.loaded(),
              ElementsAre(HasSubstr("libtop.so"), HasSubstr("libmiddle.so"),
                          HasSubstr("libbottom.so")));
}

TEST(Library, ListsTheSymbolsThatItDefines) {
  const Library library = Load("symbols/libinterposed.so");
  const std::vector<LibrarySymbol> symbols = library.symbols();
  const LibrarySymbol* function = Named(symbols, "call_interposable");
  ASSERT_NE(function, nullptr);
  EXPECT_EQ(reinterpret_cast<void*>(function->address.value()),
            library.Find("call_interposable"));
  EXPECT_EQ(function->type, elf::kSttFunc);
  EXPECT_EQ(function->bind, elf::kStbGlobal);
  EXPECT_GT(function->size, 0u);
  EXPECT_EQ(function->version, "");
  const LibrarySymbol* variable = Named(symbols, "interposable_variable");
  ASSERT_NE(variable, nullptr);
  EXPECT_EQ(variable->type, elf::kSttObject);
  EXPECT_EQ(variable->size, sizeof(int));
  // Not what it refers to.
  EXPECT_EQ(Named(Top().symbols(), "middle_value"), nullptr);
}

TEST(Library, ListsVersions) {
  const Library library = Load("versions/libversioned.so");
  int versioned = 0;
  for (const LibrarySymbol& symbol : library.symbols()) {
    versioned += !symbol.version.empty();
  }
  EXPECT_GT(versioned, 0);
}

TEST(Library, ListsItsSegments) {
  const Library library = Top();
  const std::vector<LibrarySegment> segments = library.segments();
  ASSERT_THAT(segments, SizeIs(testing::Ge(2u)));
  EXPECT_EQ(segments[0].memory.begin.value(), library.base());
  const RuntimeAddr function(
      reinterpret_cast<uint64_t>(library.Find("top_value")));
  for (const LibrarySegment& segment : segments) {
    EXPECT_EQ(segment.protection == Protection::kReadExecute,
              segment.memory.Contains(RuntimeRange{function, 1}));
  }
}

}  // namespace
}  // namespace relink
