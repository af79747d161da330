// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

// What the program exports, for libraries to be interposed by.
extern "C" {
__attribute__((visibility("default"))) int interposable() { return 42; }
__attribute__((visibility("default"))) int interposable_variable = 42;
}

namespace relink {
namespace {

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("symbols/", name));
}

class SymbolBinding : public testing::Test {
 protected:
  // What a function of a fixture returns; it must be the same under ld.so.
  int Both(absl::string_view file, const char* name) {
    auto ours = loader_.LoadDylib(Path(file));
    if (!ours.ok()) {
      ADD_FAILURE() << ours.status();
      return -1;
    }
    const int result = (*ours->Get<int()>(absl::string_view(name)))();
    DlopenedLibrary theirs(Path(file));
    EXPECT_TRUE(theirs.ok()) << theirs.error();
    EXPECT_EQ(result, theirs.Get<int()>(name)()) << file << " " << name;
    return result;
  }

  Loader loader_;
};

TEST_F(SymbolBinding, TakesTheFirstDefinitionBreadthFirst) {
  EXPECT_EQ(Both("libtwo_libraries_one_symbol.so", "everybody_calls_which"),
            111);
}

TEST_F(SymbolBinding, PrefersTheProgram) {
  EXPECT_EQ(Both("libinterposed.so", "call_interposable"), 42);
  EXPECT_EQ(Both("libinterposed.so", "read_interposable"), 42);
}

TEST_F(SymbolBinding, PrefersASymbolicLibraryItself) {
  EXPECT_EQ(Both("libsymbolic.so", "call_interposable"), 1);
  EXPECT_EQ(Both("libsymbolic.so", "read_interposable"), 1);
}

TEST_F(SymbolBinding, NeverInterposesAProtectedSymbol) {
  EXPECT_EQ(Both("libprotected.so", "call_interposable"), 1);
  auto library = loader_.LoadDylib(Path("libprotected.so"));
  ASSERT_TRUE(library.ok());
  auto pointer = library->Get<int (*)()>("protected_pointer");
  ASSERT_TRUE(pointer.ok());
  EXPECT_EQ((**pointer)(), 1);
}

TEST_F(SymbolBinding, MakesAnUndefinedWeakSymbolNull) {
  EXPECT_EQ(Both("libweak_undefined.so", "function_is_null"), 1);
  EXPECT_EQ(Both("libweak_undefined.so", "variable_is_null"), 1);
  EXPECT_EQ(Both("libweak_undefined.so", "call_if_there"), 5);
}

TEST_F(SymbolBinding, FindsALibrarysOwnDefinitionByName) {
  auto library = loader_.LoadDylib(Path("libinterposed.so"));
  ASSERT_TRUE(library.ok());
  EXPECT_EQ((*library->Get<int()>("interposable"))(), 1);
}

TEST_F(SymbolBinding, SharesAUniqueSymbolWithTheHost) {
  DlopenedLibrary first(Path("libunique_first.so"));
  ASSERT_TRUE(first.ok()) << first.error();
  auto second = loader_.LoadDylib(Path("libunique_second.so"));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ((*second->Get<int*()>("unique_address"))(),
            first.Get<int*()>("unique_address")());
}

}  // namespace
}  // namespace relink
