// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/resolver.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/link/loader.h"
#include "relink/runtime/host_modules.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;

class SearchPath : public testing::Test {
 protected:
  SearchPath()
      : root_(absl::StrCat(
            testing::TempDir(), "/",
            testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(root_);
    host_.Refresh();
    unsetenv("LD_LIBRARY_PATH");
  }
  ~SearchPath() override { unsetenv("LD_LIBRARY_PATH"); }

  std::string Path(absl::string_view name) const {
    return absl::StrCat(root_, "/", name);
  }
  // A file there that is no ELF file: nothing reads it.
  std::string Write(absl::string_view name) const {
    std::string path = Path(name);
    std::filesystem::create_directories(
        std::filesystem::path(path).parent_path());
    std::ofstream(path) << "found";
    return path;
  }

  // origin/libneeds.so, which needs things.
  Module Requester(absl::string_view runpath,
                   absl::string_view rpath = "") const {
    Module module(ModuleSource::FromMemory({}, Path("origin/libneeds.so")),
                  HostTarget());
    module.runpath = std::string(runpath);
    module.rpath = std::string(rpath);
    return module;
  }

  // The path of what is found, "the process", or the error.
  std::string Find(absl::string_view name, const Module& requester,
                   std::vector<std::string> directories = {}) {
    SearchPathResolver resolver(std::move(directories));
    const absl::StatusOr<Resolution> found =
        resolver.Resolve(name, requester, host_);
    if (!found.ok()) return found.status().ToString();
    const auto* source = std::get_if<ModuleSource>(&*found);
    return source == nullptr ? "the process" : source->name();
  }

  std::string root_;
  HostModules host_;
};

TEST_F(SearchPath, BeginsWithTheProcess) {
  Write("origin/libc.so.6");
  EXPECT_EQ(Find("libc.so.6", Requester("$ORIGIN"), {Path("origin")}),
            "the process");
  SearchPathResolver resolver;
  const auto found = resolver.Resolve("libc.so.6", Requester(""), host_);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(std::get<HostModuleId>(*found), host_.Find("libc.so.6"));
}

TEST_F(SearchPath, IsInOrder) {
  const std::string name = "libwanted.so";
  std::vector<std::string> expected;
  for (const char* directory : {"runpath", "runpath2", "library_path",
                                "library_path2", "embedder", "embedder2"}) {
    expected.push_back(Write(absl::StrCat(directory, "/", name)));
  }
  setenv(
      "LD_LIBRARY_PATH",
      absl::StrCat(Path("library_path"), ";:", Path("library_path2")).c_str(),
      1);
  const Module requester =
      Requester(absl::StrCat(Path("runpath"), "::", Path("runpath2")));
  for (const std::string& path : expected) {
    EXPECT_EQ(Find(name, requester, {Path("embedder"), Path("embedder2")}),
              path);
    std::filesystem::remove(path);
  }
}

TEST_F(SearchPath, KnowsTheOrigin) {
  const std::string beside = Write("origin/libbeside.so");
  const std::string below = Write("origin/below/libbelow.so");
  const Module requester = Requester("$ORIGIN:${ORIGIN}/below");
  EXPECT_EQ(Find("libbeside.so", requester), beside);
  EXPECT_EQ(Find("libbelow.so", requester), below);
}

TEST_F(SearchPath, HasRpathOnlyWhereThereIsNoRunpath) {
  Write("rpath/libwanted.so");
  EXPECT_EQ(Find("libwanted.so", Requester("", Path("rpath"))),
            Path("rpath/libwanted.so"));
  EXPECT_THAT(Find("libwanted.so", Requester(Path("runpath"), Path("rpath"))),
              StartsWith("NOT_FOUND"));
}

TEST_F(SearchPath, EndsWithTheSystem) {
  const std::string name = "libsqlite3.so.0";
  ASSERT_FALSE(host_.Find(name).has_value());
  EXPECT_THAT(Find(name, Requester("")), EndsWith("/" + name));
  EXPECT_THAT(Find(name, Requester("")), StartsWith("/"));
}

TEST_F(SearchPath, DoesNotMatterToAPath) {
  const std::string path = Write("elsewhere/libwanted.so");
  EXPECT_EQ(Find(path, Requester("$ORIGIN")), path);
  Write("origin/below/libwanted.so");
  EXPECT_EQ(Find("below/libwanted.so", Requester("$ORIGIN"), {root_}),
            absl::StrCat("NOT_FOUND: ", Path("origin/libneeds.so"),
                         ": needs below/libwanted.so, which is neither in the "
                         "process nor at below/libwanted.so"));
}

TEST_F(SearchPath, IsInTheMessageIfNothingIsFound) {
  EXPECT_EQ(
      Find("libnone.so", Requester("$ORIGIN/below"), {Path("embedder")}),
      absl::StrCat("NOT_FOUND: ", Path("origin/libneeds.so"),
                   ": needs libnone.so, which is neither in the process nor "
                   "at ",
                   Path("origin/below/libnone.so"), ", ",
                   Path("embedder/libnone.so"),
                   ", /lib/x86_64-linux-gnu/libnone.so"
                   ", /usr/lib/x86_64-linux-gnu/libnone.so"
                   ", /lib64/libnone.so, /usr/lib64/libnone.so"
                   ", /lib/libnone.so, /usr/lib/libnone.so"));
}

TEST_F(SearchPath, PassesOverWhatIsNoDirectory) {
  const std::string path = Write("embedder/libwanted.so");
  EXPECT_EQ(Find("libwanted.so", Requester(path), {Path("embedder")}), path);
}

TEST_F(SearchPath, StopsAtWhatIsNoFile) {
  const std::string path = Path("runpath/libwanted.so");
  std::filesystem::create_directories(path);
  Write("embedder/libwanted.so");
  EXPECT_EQ(
      Find("libwanted.so", Requester(Path("runpath")), {Path("embedder")}),
      absl::StrCat("INVALID_ARGUMENT: ", path, ": not a regular file"));
}

// An embedder's own: what is asked of it, and an answer of its own.
class Redirecting final : public Resolver {
 public:
  absl::StatusOr<Resolution> Resolve(absl::string_view name,
                                     const Module& requester,
                                     const HostModules& host) override {
    if (!absl::StartsWith(name, "libc.")) {
      asked.push_back(
          absl::StrCat(requester.name().substr(requester.name().rfind('/') + 1),
                       " needs ", name));
    }
    if (name != replaced) return usual_.Resolve(name, requester, host);
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
