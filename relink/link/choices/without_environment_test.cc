// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdlib>

#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

TEST(WithoutEnvironment, RunsNoPassesThatItNames) {
  setenv("RELINK_PASSES", "no-such-pass", /*overwrite=*/1);
  const LinkContext context;
  const auto library =
      Linker().Load(context, TestdataPath("dependencies/libtop.so"));
  EXPECT_TRUE(library.ok()) << library.status();
}

}  // namespace
}  // namespace relink
