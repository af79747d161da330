// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/search_path_resolver.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/arch/target.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/runtime/host_modules.h"

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
    SearchPathResolver resolver({.directories = std::move(directories)});
    return Find(
        resolver,
        {.name = name, .requester = &requester, .loaders = {}, .host = *host_});
  }
  static std::string Find(SearchPathResolver& resolver,
                          const DependencyRequest& request) {
    const absl::StatusOr<Resolution> found = resolver.Resolve(request);
    if (!found.ok()) return found.status().ToString();
    if (const auto* through = std::get_if<ThroughDlopen>(&*found)) {
      return "dlopen " + through->path;
    }
    const auto* source = std::get_if<ModuleSource>(&*found);
    return source == nullptr ? "the process" : source->name();
  }

  std::string root_;
  std::shared_ptr<const HostModules> host_ = HostModules::Current();
};

TEST_F(SearchPath, BeginsWithTheProcess) {
  Write("origin/libc.so.6");
  EXPECT_EQ(Find("libc.so.6", Requester("$ORIGIN"), {Path("origin")}),
            "the process");
  SearchPathResolver resolver;
  const auto found = resolver.Resolve({.name = "libc.so.6", .host = *host_});
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_EQ(std::get<HostModuleId>(*found), host_->Find("libc.so.6"));
}

// The order of ld.so(8).
TEST_F(SearchPath, HasLibraryPathBeforeRunpath) {
  const std::string name = "libwanted.so";
  std::vector<std::string> expected;
  for (const char* directory : {"library_path", "library_path2", "runpath",
                                "runpath2", "embedder", "embedder2"}) {
    expected.push_back(Write(absl::StrCat(directory, "/", name)));
  }
  setenv("LD_LIBRARY_PATH",
         absl::StrCat(Path("library_path"), ";", Path("library_path2")).c_str(),
         1);
  const Module requester =
      Requester(absl::StrCat(Path("runpath"), ":", Path("runpath2")));
  for (const std::string& path : expected) {
    EXPECT_EQ(Find(name, requester, {Path("embedder"), Path("embedder2")}),
              path);
    std::filesystem::remove(path);
  }
}

TEST_F(SearchPath, HasRpathBeforeLibraryPath) {
  const std::string first = Write("rpath/libwanted.so");
  const std::string second = Write("library_path/libwanted.so");
  setenv("LD_LIBRARY_PATH", Path("library_path").c_str(), 1);
  const Module requester = Requester("", Path("rpath"));
  EXPECT_EQ(Find("libwanted.so", requester), first);
  std::filesystem::remove(first);
  EXPECT_EQ(Find("libwanted.so", requester), second);
}

// DT_RPATH counts for what a module's needs need; DT_RUNPATH does not.
TEST_F(SearchPath, HasTheRpathOfWhoNeededTheRequester) {
  const std::string path = Write("rpath/libwanted.so");
  const Module requester = Requester("");
  const auto with = [&](const Module& loader) {
    SearchPathResolver resolver;
    const Module* const loaders[] = {&loader};
    return Find(resolver, {.name = "libwanted.so",
                           .requester = &requester,
                           .loaders = loaders,
                           .host = *host_});
  };
  EXPECT_EQ(with(Requester("", Path("rpath"))), path);
  EXPECT_THAT(with(Requester(Path("rpath"))), StartsWith("NOT_FOUND"));
  EXPECT_THAT(with(Requester("/nowhere", Path("rpath"))),
              StartsWith("NOT_FOUND"));
}

TEST_F(SearchPath, HasThePathsOfAModuleOfTheProcess) {
  const std::string rpath = Write("rpath/libwanted.so");
  const std::string origin = Write("origin/libwanted.so");
  HostModule asks;
  asks.path = Path("origin/libasks.so");
  asks.runpath = "$ORIGIN";
  asks.rpath = Path("rpath");
  const auto found = [&] {
    SearchPathResolver resolver;
    return Find(
        resolver,
        {.name = "libwanted.so", .host_requester = &asks, .host = *host_});
  };
  EXPECT_EQ(found(), origin);
  asks.runpath.clear();
  EXPECT_EQ(found(), rpath);
  asks.rpath.clear();
  EXPECT_THAT(found(), StartsWith("NOT_FOUND"));
}

TEST_F(SearchPath, PassesOverOtherMachines) {
  const std::string wrong = Write("embedder/libwanted.so");
  std::ofstream(wrong) << std::string(
                              "\x7f"
                              "ELF\2\1\1",
                              7)
                       << std::string(11, '\0') << "\xb7" << '\0';
  const std::string right = Write("embedder2/libwanted.so");
  EXPECT_EQ(Find("libwanted.so", Requester(""),
                 {Path("embedder"), Path("embedder2")}),
            right);
}

TEST_F(SearchPath, PrefersWhatIsForThisProcessor) {
  if (!__builtin_cpu_supports("sse4.2")) GTEST_SKIP() << "an old processor";
  Write("embedder/libwanted.so");
  const std::string better =
      Write("embedder/glibc-hwcaps/x86-64-v2/libwanted.so");
  EXPECT_EQ(Find("libwanted.so", Requester(""), {Path("embedder")}), better);
}

TEST_F(SearchPath, KnowsLibAndPlatform) {
  const std::string lib = Write("origin/lib/x86_64-linux-gnu/libone.so");
  const std::string platform = Write("origin/x86_64/libtwo.so");
  const Module requester = Requester("$ORIGIN/$LIB:$ORIGIN/${PLATFORM}");
  EXPECT_EQ(Find("libone.so", requester), lib);
  EXPECT_EQ(Find("libtwo.so", requester), platform);
}

TEST_F(SearchPath, TellsWhereItLooked) {
  const std::string path = Write("embedder/libwanted.so");
  SearchPathResolver resolver({.directories = {Path("embedder")}});
  std::vector<std::string> told;
  const std::function<void(const SearchStep&)> trace =
      [&](const SearchStep& step) {
        told.push_back(absl::StrCat(step.name, ", ", Name(step.rule), ": ",
                                    step.place, ": ", Name(step.outcome)));
      };
  const Module requester = Requester("/nowhere");
  EXPECT_EQ(Find(resolver, {.name = "libwanted.so",
                            .requester = &requester,
                            .loaders = {},
                            .host = *host_,
                            .trace = &trace}),
            path);
  EXPECT_THAT(
      told,
      ElementsAre("libwanted.so, DT_RUNPATH: /nowhere/libwanted.so: absent",
                  absl::StrCat("libwanted.so, directory: ", path, ": found")));
}

class Policies : public SearchPath {
 protected:
  std::string FindWith(absl::string_view name,
                       SearchPathResolver::Policy policy) {
    SearchPathResolver resolver;
    resolver.Set(name, std::move(policy));
    return Find(resolver, {.name = name, .host = *host_});
  }
};

TEST_F(Policies, SayWhatANameMeans) {
  const std::string path = Write("elsewhere/libother.so");
  EXPECT_EQ(FindWith("libc.so.6", SearchPathResolver::Path{path}), path);
  EXPECT_EQ(FindWith("libnone.so", SearchPathResolver::Path{"/nowhere"}),
            "NOT_FOUND: libnone.so: is to be /nowhere, which does not exist");
  const std::byte bytes[4] = {};
  EXPECT_EQ(FindWith("libmade.so", SearchPathResolver::Memory{bytes}),
            "libmade.so");
  EXPECT_EQ(FindWith("libz.so.1", ThroughDlopen{"/usr/lib/libz.so.1"}),
            "dlopen /usr/lib/libz.so.1");
  EXPECT_EQ(FindWith("libc.so.6", SearchPathResolver::UseHost{}),
            "the process");
  EXPECT_THAT(FindWith("libz.so.1", SearchPathResolver::UseHost{}),
              StartsWith("NOT_FOUND: libz.so.1: is to be the process's"));
  EXPECT_EQ(FindWith("libz.so.1", SearchPathResolver::Refuse{"not here"}),
            "PERMISSION_DENIED: libz.so.1: refused: not here");
  EXPECT_THAT(FindWith("libm.so.6", SearchPathResolver::OwnCopy{}),
              EndsWith("/libm.so.6"));
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
  ASSERT_FALSE(host_->Find(name).has_value());
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

}  // namespace
}  // namespace relink
