// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Holds however Relink is built (docs/build_flags.md). What a build leaves out
// is tested by the file that it adds to this.

#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

TEST(AnyBuild, LoadsAnOrdinaryModuleWithWhatItNeeds) {
  const LinkContext context;
  const auto library =
      Linker().Load(context, TestdataPath("dependencies/libtop.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  const auto top_value = library->Get<int()>("top_value");
  ASSERT_TRUE(top_value.ok()) << top_value.status();
  EXPECT_EQ((*top_value)(), 111);
  EXPECT_EQ(library->Find("missing"), nullptr);
}

TEST(AnyBuild, LoadsALibraryOfTheSystem) {
  const LinkContext context;
  const auto library = Linker().Load(context, "libsqlite3.so.0");
  ASSERT_TRUE(library.ok()) << library.status();
  const auto version = library->Get<int()>("sqlite3_libversion_number");
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_GE((*version)(), 3'000'000);
}

}  // namespace
}  // namespace relink
