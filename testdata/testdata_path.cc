// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "testdata/testdata_path.h"

#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace relink {

std::string TestdataPath(absl::string_view file) {
  const char* runfiles = std::getenv("TEST_SRCDIR");
  const char* workspace = std::getenv("TEST_WORKSPACE");
  return absl::StrCat(runfiles == nullptr ? "." : runfiles, "/",
                      workspace == nullptr ? "." : workspace, "/testdata/",
                      file);
}

}  // namespace relink
