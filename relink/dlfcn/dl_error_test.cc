// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/dl_error.h"

#include <string>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/runtime/host_dlfcn.h"

namespace relink {
namespace {

using testing::IsNull;
using testing::StrEq;

TEST(DlError, IsToldOnce) {
  SetDlError("one");
  EXPECT_THAT(TakeDlError(), StrEq("one"));
  EXPECT_THAT(TakeDlError(), IsNull());
}

TEST(DlError, IsTheLast) {
  SetDlError("one");
  SetDlError("two");
  EXPECT_THAT(TakeDlError(), StrEq("two"));
  EXPECT_THAT(TakeDlError(), IsNull());
}

TEST(DlError, IsForgottenWhenTheCLibraryAnswers) {
  SetDlError("one");
  ClearDlError();
  EXPECT_THAT(TakeDlError(), IsNull());
}

TEST(DlError, IsNewerThanThatOfTheCLibrary) {
  EXPECT_THAT(Host().dlopen("libnone.so", RTLD_NOW), IsNull());
  SetDlError("one");
  EXPECT_THAT(Host().dlerror(), IsNull());
  EXPECT_THAT(TakeDlError(), StrEq("one"));
}

TEST(DlError, IsEachThreadsOwn) {
  SetDlError("of this thread");
  std::thread([] {
    EXPECT_THAT(TakeDlError(), IsNull());
    SetDlError("of another");
  }).join();
  EXPECT_THAT(TakeDlError(), StrEq("of this thread"));
}

TEST(DlError, IsCutWhereItIsTooLong) {
  SetDlError(std::string(5000, 'x'));
  const std::string text = TakeDlError();
  EXPECT_EQ(text, std::string(1023, 'x'));
}

}  // namespace
}  // namespace relink
