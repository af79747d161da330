// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Libraries whose functions lie in random order do what they do when ld.so
// loads them.

#include "relink/link/moved_code.h"

#include <cstdint>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "relink/ir/link_graph.h"
#include "relink/link/dlopened_library.h"
#include "relink/link/loader.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/pipeline.h"
#include "relink/map/failing_backend.h"
#include "relink/map/posix_backend.h"
#include "relink/map/proc_maps.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

constexpr int kSeeds = 6;

std::string Path(absl::string_view name) {
  return TestdataPath(absl::StrCat("moving/lib", name, ".so"));
}

std::string Passes(absl::string_view prefer, int seed) {
  return absl::StrCat("split-functions,choose-materialization<prefer=", prefer,
                      ">", seed % 3 == 0 ? ",gc-sections,icf" : "",
                      ",order<by=random,seed=", seed, ">,place",
                      seed % 2 == 0 ? ",plt-bypass,relax" : "");
}

using RunFixture = void(void (*report)(const char* line));

// What the library says, in a thread whose end is part of it.
std::vector<std::string> Lines(RunFixture* run) {
  static std::vector<std::string>& lines = *new std::vector<std::string>();
  lines.clear();
  std::thread([&] {
    run([](const char* line) { lines.emplace_back(line); });
  }).join();
  return lines;
}

std::vector<std::string> LinesByLdso(const std::string& path) {
  const DlopenedLibrary library(path);
  if (!library.ok()) return {library.error()};
  return Lines(library.Get<RunFixture>("run"));
}

// Library, preferred materialization.
class MovedCodeTest
    : public testing::TestWithParam<std::tuple<std::string, std::string>> {
 protected:
  std::string path_ = Path(std::get<0>(GetParam()));
  std::string prefer_ = std::get<1>(GetParam());
};

TEST_P(MovedCodeTest, DoesWhatItDoesWhereItWas) {
  const std::vector<std::string> expected = LinesByLdso(path_);
  ASSERT_GT(expected.size(), 10u) << absl::StrJoin(expected, "\n");
  for (int seed = 1; seed <= kSeeds; ++seed) {
    const std::string text = Passes(prefer_, seed);
    SCOPED_TRACE(text);
    auto pipeline = MakePipeline(text);
    ASSERT_TRUE(pipeline.ok()) << pipeline.status();
    Loader loader({.pipeline = &*pipeline});
    auto library = loader.LoadDylib(path_);
    ASSERT_TRUE(library.ok()) << library.status();
    auto run = library->Get<RunFixture>("run");
    ASSERT_TRUE(run.ok()) << run.status();
    EXPECT_EQ(absl::StrJoin(Lines(run->get()), "\n"),
              absl::StrJoin(expected, "\n"));
    EXPECT_FALSE(AnythingWritableAndExecutable());
  }
}

TEST_P(MovedCodeTest, IsSomewhereElse) {
  auto pipeline = MakePipeline(Passes(prefer_, 1));
  ASSERT_TRUE(pipeline.ok()) << pipeline.status();
  Loader loader({.pipeline = &*pipeline});
  auto library = loader.LoadDylib(path_);
  ASSERT_TRUE(library.ok()) << library.status();
  const MovedCode moved = CountMovedCode(*library).front();
  EXPECT_EQ(moved.module, path_);
  // All but a few that the linker, the assembly or the C library's own start
  // files have.
  EXPECT_GT(moved.moved_functions * 10, moved.functions * 8);
  EXPECT_GT(moved.moved_bytes * 10, moved.bytes * 8);
  EXPECT_GT(moved.new_neighbours * 10, moved.moved_functions * 7);
  const bool reorderable = absl::StrContains(path_, "_retained");
  EXPECT_EQ(moved.capability == Capability::kReorderable, reorderable);
  EXPECT_EQ(moved.materialization, reorderable && prefer_ == "arenas"
                                       ? Materialization::kArenas
                                       : Materialization::kOverlay);
}

std::vector<std::string> Fixtures() {
  std::vector<std::string> names;
  for (const char* suffix : {"", "_retained"}) {
    for (const char* source : {"control_flow", "exceptions", "thread_locals"}) {
      for (const char* toolchain :
           {"gcc_ld", "gcc_gold", "gcc_mold", "clang_lld"}) {
        names.push_back(absl::StrCat(source, "_", toolchain, suffix));
      }
    }
    names.push_back(absl::StrCat("thread_locals_descriptor", suffix));
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(, MovedCodeTest,
                         testing::Combine(testing::ValuesIn(Fixtures()),
                                          testing::Values("overlay", "arenas")),
                         [](const auto& test) {
                           return absl::StrCat(std::get<0>(test.param), "_",
                                               std::get<1>(test.param));
                         });

TEST(MovedCode, IsNoneWithoutPasses) {
  Loader loader;
  auto library = loader.LoadDylib(Path("control_flow_gcc_ld"));
  ASSERT_TRUE(library.ok()) << library.status();
  const std::vector<MovedCode> moved = CountMovedCode(*library);
  ASSERT_EQ(moved.size(), 1u);
  EXPECT_EQ(moved[0].functions, 0u);
  EXPECT_EQ(moved[0].moved_functions, 0u);
  EXPECT_EQ(moved[0].materialization, Materialization::kWhole);
}

TEST(MovedCode, IsGoneWhereALoadFails) {
  for (const char* prefer : {"overlay", "arenas"}) {
    auto pipeline = MakePipeline(Passes(prefer, 2));
    ASSERT_TRUE(pipeline.ok()) << pipeline.status();
    PosixBackend posix;
    uint64_t call = 1;
    for (; call < 1000; ++call) {
      SCOPED_TRACE(absl::StrCat(prefer, ", call ", call));
      FailingBackend backend(posix, call);
      Loader loader({.backend = &backend, .pipeline = &*pipeline});
      const bool loaded =
          loader.LoadDylib(Path("exceptions_gcc_ld_retained")).ok();
      EXPECT_EQ(backend.live_reservations(), 0u);
      EXPECT_FALSE(AnythingWritableAndExecutable());
      if (loaded) break;
      EXPECT_TRUE(backend.has_failed());
    }
    EXPECT_GT(call, 3u);
    EXPECT_LT(call, 1000u);
  }
}

}  // namespace
}  // namespace relink
