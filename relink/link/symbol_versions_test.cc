// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("versions/", name));
}

struct Reference {
  const char* file;
  int answer;
};

class VersionedReference : public testing::TestWithParam<Reference> {};

TEST_P(VersionedReference, BindsAsLdSoBindsIt) {
  const std::string path = Path(GetParam().file);
  Loader loader;
  auto library = loader.LoadDylib(path);
  ASSERT_TRUE(library.ok()) << library.status();
  auto call = library->Get<int()>("call_answer");
  ASSERT_TRUE(call.ok()) << call.status();
  EXPECT_EQ((*call)(), GetParam().answer);

  DlopenedLibrary theirs(path);
  ASSERT_TRUE(theirs.ok()) << theirs.error();
  EXPECT_EQ(theirs.Get<int()>("call_answer")(), GetParam().answer);
}

INSTANTIATE_TEST_SUITE_P(
    , VersionedReference,
    testing::Values(Reference{"libold_reference.so", 1},
                    Reference{"libnew_reference.so", 2},
                    // Without a version: the oldest there is.
                    Reference{"libunversioned_reference.so", 1}),
    [](const auto& test) {
      const std::string name(test.param.file);
      return name.substr(3, name.size() - 6);
    });

TEST(Versions, AreLookedUpByNameAsDlsymDoes) {
  Loader loader;
  auto ours = loader.LoadDylib(Path("libversioned.so"));
  ASSERT_TRUE(ours.ok()) << ours.status();
  DlopenedLibrary theirs(Path("libversioned.so"));
  ASSERT_TRUE(theirs.ok()) << theirs.error();

  for (const char* name : {"answer", "only_old", "only_new", "gone"}) {
    auto function = ours->Get<int()>(absl::string_view(name));
    auto* expected = theirs.Get<int()>(name);
    ASSERT_EQ(function.ok(), expected != nullptr) << name;
    if (expected != nullptr) {
      EXPECT_EQ((*function)(), expected()) << name;
    }
  }
  EXPECT_EQ((*ours->Get<int()>("answer"))(), 2);
}

TEST(Versions, AreListedWithTheSymbols) {
  Loader loader;
  auto library = loader.LoadDylib(Path("libversioned.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  DlopenedLibrary theirs(Path("libversioned.so"));
  int checked = 0;
  for (const LibrarySymbol& symbol : library->symbols()) {
    if (symbol.type != elf::kSttFunc || symbol.name == "V1") continue;
    const std::string name(symbol.name);
    const std::string version(symbol.version);
    auto* expected = theirs.Get<int()>(name.c_str(), version.c_str());
    ASSERT_NE(expected, nullptr) << name << "@" << version;
    auto* address = reinterpret_cast<int (*)()>(symbol.address.value());
    EXPECT_EQ(address(), expected()) << name << "@" << version;
    ++checked;
  }
  EXPECT_EQ(checked, 5);  // Two of answer, gone, only_old, only_new.
}

TEST(Versions, MustBeDefinedByTheLibraryTheyAreNeededOf) {
  const std::string path = Path("libmissing_version.so");
  Loader loader;
  auto library = loader.LoadDylib(path);
  EXPECT_EQ(library.status(),
            absl::NotFoundError(absl::StrCat(
                path,
                ": needs version V3 of libversioned.so, which does not define "
                "it (",
                Path("libversioned.so"), ")")));
  DlopenedLibrary theirs(path);
  EXPECT_FALSE(theirs.ok());
  EXPECT_NE(theirs.error().find("version `V3' not found"), std::string::npos)
      << theirs.error();
}

TEST(Versions, OfWeakReferencesAreNeededNoLess) {
  const std::string path = Path("libweak_missing_version.so");
  Loader loader;
  EXPECT_EQ(loader.LoadDylib(path).ok(), DlopenedLibrary(path).ok());
}

}  // namespace
}  // namespace relink
