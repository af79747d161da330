// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TESTDATA_TESTDATA_PATH_H_
#define RELINK_TESTDATA_TESTDATA_PATH_H_

#include <string>

#include "absl/strings/string_view.h"

namespace relink {

// Where a file of testdata/ is while a test runs that has it among its data:
// TestdataPath("dependencies/libtop.so").
std::string TestdataPath(absl::string_view file);

}  // namespace relink

#endif  // RELINK_TESTDATA_TESTDATA_PATH_H_
