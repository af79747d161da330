// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "testdata/testdata_path.h"

namespace relink {
namespace {

std::string Path(const char* file) {
  return TestdataPath(std::string("versions/") + file);
}

TEST(WithoutVersions, BindsByNameToTheDefault) {
  const LinkContext context;
  Linker linker;
  for (const char* file : {"libold_reference.so", "libnew_reference.so",
                           "libunversioned_reference.so"}) {
    const auto library = linker.Load(context, Path(file));
    ASSERT_TRUE(library.ok()) << library.status();
    EXPECT_EQ((*library->Get<int()>("call_answer"))(), 2) << file;
  }
}

TEST(WithoutVersions, DoesNotMissOne) {
  const LinkContext context;
  const auto library = Linker().Load(context, Path("libmissing_version.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(library->FindVersion("answer", "V1"), nullptr);
}

}  // namespace
}  // namespace relink
