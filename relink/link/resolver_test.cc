// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/resolver.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/ir/module_source.h"
#include "relink/link/loader.h"
#include "relink/link/search_path_resolver.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;

// An embedder's own: what is asked of it, and an answer of its own.
class Redirecting final : public Resolver {
 public:
  absl::StatusOr<Resolution> Resolve(
      const DependencyRequest& request) override {
    if (!absl::StartsWith(request.name, "libc.")) {
      const absl::string_view requester = request.requester_name();
      asked.push_back(absl::StrCat(requester.substr(requester.rfind('/') + 1),
                                   " needs ", request.name));
    }
    if (request.name != replaced) return usual_.Resolve(request);
    absl::StatusOr<ModuleSource> source = ModuleSource::Open(replacement);
    if (!source.ok()) return source.status();
    return Resolution(*std::move(source));
  }

  std::vector<std::string> asked;
  std::string replaced;
  std::string replacement;

 private:
  SearchPathResolver usual_;
};

TEST(Resolver, IsAskedOnceForWhatNoModuleAnswersTo) {
  Redirecting resolver;
  Loader loader({.resolver = &resolver});
  ASSERT_TRUE(
      loader.LoadDylib(TestdataPath("dependencies/libdiamond.so")).ok());
  EXPECT_THAT(resolver.asked, ElementsAre("libdiamond.so needs libleft.so",
                                          "libdiamond.so needs libright.so",
                                          "libleft.so needs libbottom.so"));
}

TEST(Resolver, MayAnswerWithAnotherFile) {
  Redirecting resolver;
  resolver.replaced = "libabsent_at_run_time.so";
  resolver.replacement = TestdataPath("dependencies/libmiddle.so");
  Loader loader({.resolver = &resolver});
  const auto library =
      loader.LoadDylib(TestdataPath("dependencies/libmissing_library.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ((*library->Get<int()>("top_value"))(), 111);
}

TEST(Resolver, MayRefuse) {
  Redirecting resolver;
  resolver.replaced = "libmiddle.so";
  resolver.replacement = "/nowhere/libmiddle.so";
  Loader loader({.resolver = &resolver});
  EXPECT_EQ(loader.LoadDylib(TestdataPath("dependencies/libtop.so")).status(),
            absl::NotFoundError(
                "/nowhere/libmiddle.so: open: No such file or directory"));
}

}  // namespace
}  // namespace relink
