// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cerrno>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

using ::testing::HasSubstr;

TEST(WithoutTls, RefusesModulesThatHaveThreadLocalStorage) {
  const LinkContext context;
  Linker linker;
  for (const char* file :
       {"threads/libgeneral_dynamic.so", "threads/libinitial_exec.so"}) {
    const absl::Status status =
        linker.Load(context, TestdataPath(file)).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnimplemented);
    EXPECT_THAT(status.message(), HasSubstr(file));
    EXPECT_THAT(status.message(), HasSubstr("PT_TLS"));
    EXPECT_THAT(status.message(), HasSubstr("--//relink:tls=false"));
  }
}

TEST(WithoutTls, LoadsWhatAsksFunctionsOfTheHostForTheirs) {
  const LinkContext context;
  const auto library =
      Linker().Load(context, TestdataPath("threads/liberrno_user.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ((*library->Get<int()>("close_nothing"))(), EBADF);
}

}  // namespace
}  // namespace relink
