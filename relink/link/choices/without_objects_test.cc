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

using ::testing::HasSubstr;

TEST(WithoutObjects, RefusesObjectsAndArchives) {
  const LinkContext context;
  Linker linker;
  const absl::Status object =
      linker.Load(context, TestdataPath("objects/first.o")).status();
  EXPECT_EQ(object.code(), absl::StatusCode::kUnimplemented);
  EXPECT_THAT(object.message(),
              HasSubstr("first.o: is a relocatable object (ET_REL)"));
  EXPECT_THAT(object.message(), HasSubstr("--//relink:objects=false"));
  EXPECT_EQ(
      linker.Load(context, TestdataPath("objects/members.a")).status().code(),
      absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace relink
