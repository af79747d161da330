// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Libraries that the host unloads while a load goes on, as another thread may.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "relink/link/observer.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("symbols/", name));
}

// Does something as symbols are about to be bound.
class BeforeRelocation final : public Observer {
 public:
  explicit BeforeRelocation(std::function<void()> run) : run_(std::move(run)) {}
  void OnStepBegin(LoadStep step) override {
    if (step == LoadStep::kRelocate) run_();
  }

 private:
  std::function<void()> run_;
};

TEST(HostUnloading, OfALibraryThatMightHaveAUniqueSymbol) {
  auto first = std::make_unique<DlopenedLibrary>(Path("libfirst.so"));
  ASSERT_TRUE(first->ok()) << first->error();
  BeforeRelocation unload([&] { first.reset(); });
  Loader loader({.observer = &unload});
  auto library = loader.LoadDylib(Path("libunique_first.so"));
  EXPECT_TRUE(library.ok()) << library.status();
}

TEST(HostUnloading, OfADependency) {
  auto first = std::make_unique<DlopenedLibrary>(Path("libfirst.so"));
  ASSERT_TRUE(first->ok()) << first->error();
  BeforeRelocation unload([&] { first.reset(); });
  Loader loader({.observer = &unload});
  EXPECT_EQ(loader.LoadDylib(Path("libtwo_libraries_one_symbol.so")).status(),
            absl::FailedPreconditionError(absl::StrCat(
                Path("libfirst.so"), ": was unloaded by the host meanwhile")));
}

TEST(HostUnloading, OfADependencyThatComesBackElsewhere) {
  auto first = std::make_unique<DlopenedLibrary>(Path("libfirst.so"));
  ASSERT_TRUE(first->ok()) << first->error();
  std::unique_ptr<DlopenedLibrary> in_its_place;
  BeforeRelocation reload([&] {
    first.reset();
    in_its_place = std::make_unique<DlopenedLibrary>(Path("libsecond.so"));
    first = std::make_unique<DlopenedLibrary>(Path("libfirst.so"));
  });
  Loader loader({.observer = &reload});
  EXPECT_EQ(loader.LoadDylib(Path("libtwo_libraries_one_symbol.so")).status(),
            absl::FailedPreconditionError(absl::StrCat(
                Path("libfirst.so"), ": was unloaded by the host meanwhile")));
}

}  // namespace
}  // namespace relink
