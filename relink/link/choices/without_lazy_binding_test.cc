// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

// As LD_BIND_NOW has it.
TEST(WithoutLazyBinding, BindsEverythingAtOnce) {
  const LinkContext context;
  const absl::Status status =
      Linker()
          .Load(context, TestdataPath("lazy/libcalls.so"), {.lazy = true})
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(status.message(), testing::HasSubstr("undefined symbol: host_"));
  EXPECT_TRUE(
      Linker()
          .Load(context, TestdataPath("dependencies/libtop.so"), {.lazy = true})
          .ok());
}

}  // namespace
}  // namespace relink
