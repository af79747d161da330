// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/observer.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using testing::ElementsAre;

class Log final : public Observer {
 public:
  void OnStepBegin(LoadStep step) override {
    lines.push_back(absl::StrCat("begin ", Name(step)));
  }
  void OnStepEnd(LoadStep step) override {
    lines.push_back(absl::StrCat("end ", Name(step)));
  }
  std::vector<std::string> lines;
};

TEST(Observer, SeesEveryStepInOrder) {
  Log log;
  Loader loader({.observer = &log});
  auto library = loader.LoadDylib(TestdataPath("dependencies/libtop.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_THAT(
      log.lines,
      ElementsAre("begin scan", "end scan", "begin layout", "end layout",
                  "begin stage", "end stage", "begin relocate", "end relocate",
                  "begin finish", "end finish", "begin commit", "end commit"));
}

TEST(Observer, SeesWhichStepFailed) {
  Log log;
  Loader loader({.observer = &log});
  EXPECT_FALSE(
      loader.LoadDylib(TestdataPath("dependencies/libmissing_symbols.so"))
          .ok());
  ASSERT_FALSE(log.lines.empty());
  EXPECT_EQ(log.lines.back(), "begin relocate");
}

TEST(Observer, OfALinkedImageSeesNoCommit) {
  Log log;
  Loader loader({.observer = &log});
  auto source = ModuleSource::Open(TestdataPath("dependencies/libtop.so"));
  ASSERT_TRUE(source.ok()) << source.status();
  ASSERT_TRUE(loader.Link(*std::move(source)).ok());
  EXPECT_EQ(log.lines.back(), "end finish");
}

}  // namespace
}  // namespace relink
