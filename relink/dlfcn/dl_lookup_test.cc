// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_lookup.h"

#include <dlfcn.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/dlfcn/dl_error.h"
#include "relink/dlfcn/dl_modules.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::EndsWith;
using testing::Optional;

class DlLookupTest : public testing::Test {
 protected:
  DlLookupTest() : first_(Open("libfirst.so")) {}
  ~DlLookupTest() override { Close(first_); }

  static void* Open(absl::string_view name, int mode = RTLD_NOW) {
    const auto handle = DlModules::Process().Open(
        TestdataPath(absl::StrCat("dlfcn/", name)), mode, LM_ID_BASE, {});
    EXPECT_TRUE(handle.ok()) << handle.status();
    return handle.value_or(nullptr);
  }
  static void Close(void* handle) { DlModules::Process().Close(handle); }

  // What the function of that name says; "host" if the question is the C
  // library's.
  static std::string Call(const DlLookup& lookup) {
    const std::optional<void*> found = Find(lookup);
    if (!found.has_value()) return "host";
    if (*found == nullptr) return TakeDlError();
    return reinterpret_cast<const char* (*)()>(*found)();
  }
  // Code of the first library.
  const void* caller() const {
    return *Find({first_, "open_library", nullptr, nullptr});
  }

  void* first_;
};

TEST_F(DlLookupTest, OfAHandleGoesThroughWhatItNeeds) {
  EXPECT_EQ(Call({first_, "which", nullptr, nullptr}), "first");
  EXPECT_EQ(Call({first_, "second_only", nullptr, nullptr}), "second");
  EXPECT_THAT(Call({first_, "missing", nullptr, nullptr}),
              EndsWith("libfirst.so: undefined symbol: missing"));
}

TEST_F(DlLookupTest, OfTheNextGoesOnAfterTheCaller) {
  EXPECT_EQ(Call({RTLD_NEXT, "which", nullptr, caller()}), "second");
  EXPECT_THAT(Call({RTLD_NEXT, "next_which", nullptr, caller()}),
              EndsWith("libfirst.so: undefined symbol: next_which"));
  // Somebody else's next is nothing that Relink loaded.
  EXPECT_EQ(Call({RTLD_NEXT, "which", nullptr, nullptr}), "host");
}

TEST_F(DlLookupTest, OfTheDefaultIsWhatIsGlobalAndWhatTheCallerCameWith) {
  EXPECT_EQ(Call({RTLD_DEFAULT, "which", nullptr, caller()}), "first");
  EXPECT_EQ(Call({RTLD_DEFAULT, "which", nullptr, nullptr}), "host");
  EXPECT_THAT(Find({RTLD_DEFAULT, "malloc", nullptr, caller()}),
              Optional(dlsym(RTLD_DEFAULT, "malloc")));
  void* const global = Open("libdeep.so", RTLD_NOW | RTLD_GLOBAL);
  EXPECT_EQ(Call({RTLD_DEFAULT, "which", nullptr, nullptr}), "first");
  Close(global);
  // Somebody who will not come back may still have the function.
  EXPECT_EQ(Call({RTLD_DEFAULT, "which", nullptr, nullptr}), "first");
}

TEST_F(DlLookupTest, OfVersionsTakesHiddenOnes) {
  void* const versions = Open("libversioned.so");
  const auto value = [&](const char* version) {
    const auto found = Find({versions, "value", version, nullptr});
    return *found == nullptr ? -1 : reinterpret_cast<int (*)()>(*found)();
  };
  EXPECT_EQ(value("V1"), 1);
  EXPECT_EQ(value("V2"), 2);
  EXPECT_EQ(value(nullptr), 2);
  EXPECT_EQ(value("V9"), -1);
  EXPECT_THAT(TakeDlError(),
              EndsWith("libversioned.so: undefined symbol: value, version V9"));
  Close(versions);
}

TEST_F(DlLookupTest, OfAHandleOfTheCLibrarysIsItsOwn) {
  void* const program = dlopen("libc.so.6", RTLD_NOW);
  EXPECT_EQ(Find({program, "malloc", nullptr, nullptr}), std::nullopt);
  EXPECT_THAT(Find({program, "malloc", nullptr, caller()}),
              Optional(dlsym(program, "malloc")));
  EXPECT_EQ(Find({program, "missing", nullptr, caller()}), std::nullopt);
  dlclose(program);
}

}  // namespace
}  // namespace relink
