// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <execinfo.h>

#include <stdexcept>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "relink/link/loader.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

class Exceptions : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override { ASSERT_TRUE(catcher_.ok()) << catcher_.status(); }

  int Call(absl::string_view name) {
    auto function = catcher_->Get<int()>(name);
    EXPECT_TRUE(function.ok()) << function.status();
    return function.ok() ? (*function)() : -100;
  }

  Loader loader_;
  absl::StatusOr<Library> catcher_ =
      loader_.LoadDylib(TestdataPath(absl::StrCat("cxx/", GetParam())));
};

TEST_P(Exceptions, AreCaughtWhereTheyAreThrown) {
  EXPECT_EQ(Call("throw_and_catch"), 3);
}

TEST_P(Exceptions, AreCaughtByTypeInAnotherLibrary) {
  EXPECT_EQ(Call("catch_from_other_library"), 41);
}

TEST_P(Exceptions, PassThroughCodeOfTheHost) {
  EXPECT_EQ(Call("catch_through_host"), 5);
}

TEST_P(Exceptions, ReachTheHost) {
  auto function = catcher_->Get<void(int)>("throw_problem");
  ASSERT_TRUE(function.ok()) << function.status();
  int number = 0;
  try {
    (*function)(1);
  } catch (const std::runtime_error& error) {
    number = error.what() == std::string("problem");
  }
  EXPECT_EQ(number, 1);
}

TEST_P(Exceptions, OfTheHostRunDestructorsOfTheLibrary) {
  auto function = catcher_->Get<void(void (*)(), int*)>("call_with_guard");
  ASSERT_TRUE(function.ok()) << function.status();
  int destroyed = 0;
  EXPECT_THROW(
      (*function)([] { throw std::logic_error("host's"); }, &destroyed),
      std::logic_error);
  EXPECT_EQ(destroyed, 1);
}

TEST_P(Exceptions, WorkOnceTheLibraryIsGone) {
  catcher_ = absl::CancelledError();
  EXPECT_THROW(throw std::logic_error("host's"), std::logic_error);
}

TEST_P(Exceptions, SeeTheSameTypesInBothLibraries) {
  EXPECT_EQ(Call("types_are_the_same"), 1);
}

// backtrace() from a callback.
void* frames[64];
int frame_count = 0;

TEST_P(Exceptions, BacktracesHaveFramesOfTheLibrary) {
  auto function = catcher_->Get<void(void (*)(), int*)>("call_with_guard");
  ASSERT_TRUE(function.ok()) << function.status();
  int destroyed = 0;
  (*function)([] { frame_count = backtrace(frames, 64); }, &destroyed);
  int inside = 0;
  int library_frame = 0;
  for (int i = 0; i < frame_count; ++i) {
    const RuntimeAddr frame(reinterpret_cast<uint64_t>(frames[i]));
    for (const LibrarySegment& segment : catcher_->segments()) {
      if (!segment.memory.Contains(frame)) continue;
      ++inside;
      library_frame = i;
    }
  }
  EXPECT_EQ(inside, 1);
  // It did not end there: main and _start are still below.
  EXPECT_GT(frame_count, library_frame + 3);
}

INSTANTIATE_TEST_SUITE_P(, Exceptions,
                         testing::Values("libcatcher.so",
                                         "liblarge_catcher.so"),
                         [](const auto& test) {
                           const std::string name(test.param);
                           return name.substr(3, name.size() - 6);
                         });

}  // namespace
}  // namespace relink
