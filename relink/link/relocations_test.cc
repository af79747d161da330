// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Every dynamic relocation that linkers write, in files that they wrote.

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "relink/map/proc_maps.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("relocations/", name));
}

int Call(const Library& library, absl::string_view name) {
  auto function = library.Get<int()>(name);
  EXPECT_TRUE(function.ok()) << function.status();
  return function.ok() ? (*function)() : -1;
}

template <typename T>
T Read(const Library& library, absl::string_view name) {
  auto variable = library.Get<T>(name);
  EXPECT_TRUE(variable.ok()) << variable.status();
  return variable.ok() ? **variable : T();
}

class Words : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    ASSERT_TRUE(words_.ok()) << words_.status();
    object_ = reinterpret_cast<uint64_t>(words_->Find("target_object"));
    ASSERT_NE(object_, 0u);
  }

  Loader loader_;
  absl::StatusOr<Library> words_ = loader_.LoadDylib(Path(GetParam()));
  uint64_t object_ = 0;
};

TEST_P(Words, GetTheAddressOfASymbolAndItsAddend) {
  EXPECT_EQ(Read<uint64_t>(*words_, "word_64"), object_);
  EXPECT_EQ(Read<uint64_t>(*words_, "word_64_addend"), object_ + 16);
}

TEST_P(Words, GetTheDistanceOfASymbol) {
  EXPECT_EQ(Read<uint64_t>(*words_, "word_pc64"),
            object_ - reinterpret_cast<uint64_t>(words_->Find("word_pc64")));
  EXPECT_EQ(Call(*words_, "pc64_value"), 11);
}

TEST_P(Words, GetTheSizeOfASymbol) {
  EXPECT_EQ(Read<uint64_t>(*words_, "word_size64"), 24u);
  EXPECT_EQ(Read<uint32_t>(*words_, "word_size32"), 24u);
}

TEST_P(Words, GetTheLoadBias) { EXPECT_EQ(Call(*words_, "local_value"), 55); }

TEST_P(Words, GetTheGlobalOffsetTable) {
  auto function = words_->Get<uint64_t()>("glob_dat_object");
  ASSERT_TRUE(function.ok());
  EXPECT_EQ((*function)(), object_);
}

TEST_P(Words, GetTheProcedureLinkageTable) {
  EXPECT_EQ(Call(*words_, "jump_slot_call"), 44);
}

INSTANTIATE_TEST_SUITE_P(, Words,
                         testing::Values("libwords.so", "libwords_lld.so",
                                         "libwords_in_large_file.so"),
                         [](const auto& test) {
                           const std::string name(test.param);
                           return name.substr(3, name.size() - 6);
                         });

class Ifuncs : public testing::TestWithParam<const char*> {};

TEST_P(Ifuncs, AreResolvedOnceEverythingElseIsRelocated) {
  Loader loader;
  auto library = loader.LoadDylib(Path(GetParam()));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "call_global"), 77);
  EXPECT_EQ(Call(*library, "call_local"), 77);
  EXPECT_EQ(Call(*library, "global_through_got"), 77);
  EXPECT_EQ(Read<int (*)()>(*library, "ifunc_pointer")(), 77);
  EXPECT_EQ(Read<int (*)()>(*library, "local_pointer")(), 77);
  const int calls = Read<int>(*library, "resolver_calls");

  DlopenedLibrary theirs(Path(GetParam()));
  ASSERT_TRUE(theirs.ok()) << theirs.error();
  EXPECT_EQ(theirs.Get<int()>("call_global")(), 77);
  EXPECT_EQ(calls, *theirs.Get<int>("resolver_calls"));
}

TEST_P(Ifuncs, AreFoundByNameAsTheFunctionChosen) {
  Loader loader;
  auto library = loader.LoadDylib(Path(GetParam()));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "global_ifunc"), 77);
  EXPECT_EQ(library->Find("global_ifunc"),
            Read<void*>(*library, "ifunc_pointer"));
}

TEST(ResolversOfIfuncs, CanCallLibrariesThatHaveIfuncsThemselves) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libchosen_by_another.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "chosen"), 11);

  DlopenedLibrary theirs(Path("libchosen_by_another.so"));
  ASSERT_TRUE(theirs.ok()) << theirs.error();
  EXPECT_EQ(theirs.Get<int()>("chosen")(), 11);
}

INSTANTIATE_TEST_SUITE_P(, Ifuncs,
                         testing::Values("libifuncs.so", "libifuncs_lld.so"),
                         [](const auto& test) {
                           const std::string name(test.param);
                           return name.substr(3, name.size() - 6);
                         });

class Pointers : public testing::TestWithParam<const char*> {};

TEST_P(Pointers, AllPointIntoTheImage) {
  Loader loader;
  auto library = loader.LoadDylib(Path(GetParam()));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "sum_of_pointed"), 12 * 120 + 20);
}

INSTANTIATE_TEST_SUITE_P(, Pointers,
                         testing::Values("libpointers.so",
                                         "libpointers_relr.so",
                                         "libpointers_lld_relr.so"),
                         [](const auto& test) {
                           const std::string name(test.param);
                           return name.substr(3, name.size() - 6);
                         });

TEST(TextRelocations, LeaveCodeReadOnly) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libtext_relocations.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(Call(*library, "text_value"), 88);
  EXPECT_EQ(PermissionsAt(RuntimeAddr(
                reinterpret_cast<uint64_t>(library->Find("text_value")))),
            "r-xp");
}

}  // namespace
}  // namespace relink
