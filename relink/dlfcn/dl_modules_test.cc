// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_modules.h"

#include <dlfcn.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using Closed = DlModules::Closed;
using testing::EndsWith;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("dlfcn/", name));
}

class DlModulesTest : public testing::Test {
 protected:
  absl::StatusOr<void*> Open(absl::string_view name, int mode = RTLD_NOW,
                             Lmid_t name_space = LM_ID_BASE) {
    return modules_.Open(Path(name), mode, name_space, {});
  }
  bool IsLoaded(absl::string_view name) {
    return Open(name, RTLD_NOW | RTLD_NOLOAD).ok();
  }

  DlModules& modules_ = DlModules::Process();
};

TEST_F(DlModulesTest, CountsHowOftenAModuleIsOpen) {
  const auto first = Open("libfirst.so");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(*Open("libfirst.so"), *first);
  EXPECT_EQ(*Open("libfirst.so", RTLD_NOW | RTLD_NOLOAD), *first);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(modules_.Close(*first), Closed::kDone);
  EXPECT_FALSE(IsLoaded("libfirst.so"));
  EXPECT_FALSE(modules_.FindHandle(*first).has_value());
}

TEST_F(DlModulesTest, KnowsHandlesThatNobodyOpened) {
  const auto first = Open("libfirst.so");
  ASSERT_TRUE(first.ok()) << first.status();
  const auto module = modules_.FindHandle(*first);
  ASSERT_TRUE(module.has_value());
  const auto second =
      modules_.FindByAddress(module->library.Find("second_only"));
  ASSERT_TRUE(second.has_value());
  link_map* const map = DlModules::MapOf(second->library);
  EXPECT_TRUE(modules_.FindHandle(map).has_value());
  EXPECT_EQ(modules_.Close(map), Closed::kNotOpen);
  EXPECT_THAT(NotOpenText(map),
              EndsWith("libsecond.so: shared object not open"));
  EXPECT_EQ(modules_.Close(*first), Closed::kDone);
}

TEST_F(DlModulesTest, LeavesHandlesOfTheCLibraryToIt) {
  void* const program = dlopen(nullptr, RTLD_NOW);
  EXPECT_EQ(modules_.Close(program), Closed::kNotOurs);
  EXPECT_FALSE(modules_.FindHandle(program).has_value());
  EXPECT_FALSE(modules_.FindHandle(nullptr).has_value());
  dlclose(program);
}

TEST_F(DlModulesTest, LeavesWhatTheProcessHasToTheCLibrary) {
  for (const char* file : {"libc.so.6", "libpthread.so.0"}) {
    EXPECT_TRUE(absl::IsUnavailable(
        modules_.Open(file, RTLD_NOW, LM_ID_BASE, {}).status()))
        << file;
  }
  void* const host = dlopen(Path("libcounter.so").c_str(), RTLD_NOW);
  ASSERT_NE(host, nullptr) << dlerror();
  EXPECT_TRUE(absl::IsUnavailable(Open("libcounter.so").status()));
  dlclose(host);
}

TEST_F(DlModulesTest, KeepsWhatIsNeverToBeClosed) {
  const auto kept = Open("libversioned.so", RTLD_NOW | RTLD_NODELETE);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(modules_.Close(*kept), Closed::kDone);
  EXPECT_TRUE(IsLoaded("libversioned.so"));
}

TEST_F(DlModulesTest, ForgetsANamespaceWithItsLastModule) {
  const Lmid_t apart = modules_.AddNamespace(LM_ID_BASE);
  const auto handle = Open("libsecond.so", RTLD_NOW, apart);
  ASSERT_TRUE(handle.ok()) << handle.status();
  EXPECT_EQ(modules_.FindHandle(*handle)->name_space, apart);
  EXPECT_FALSE(IsLoaded("libsecond.so"));
  EXPECT_EQ(modules_.Close(*handle), Closed::kDone);
  EXPECT_TRUE(
      absl::IsUnavailable(Open("libsecond.so", RTLD_NOW, apart).status()));
}

TEST_F(DlModulesTest, RefusesWhatIsNoLibrary) {
  const auto refused =
      modules_.Open("/proc/self/cmdline", RTLD_NOW, LM_ID_BASE, {});
  EXPECT_FALSE(refused.ok());
  EXPECT_FALSE(absl::IsUnavailable(refused.status()));
  EXPECT_TRUE(absl::IsNotFound(Open("libnone.so").status()));
}

}  // namespace
}  // namespace relink
