// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_LIBRARY_FILES_H_
#define RELINK_TOOLS_RELINK_VERIFY_LIBRARY_FILES_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink::tools {

// The files to verify: each of `paths` that is a file as it is, and every
// shared object for this machine below each that is a directory. A file that
// has several names or links is taken once. Sorted by path within a directory.
// Subdirectories that may not be read are left out.
// NotFound: one of `paths` does not exist.  PermissionDenied: it may not be
// read.  InvalidArgument: it is neither.  Unavailable: reading a directory
// fails.
absl::StatusOr<std::vector<std::string>> FindLibraries(
    const std::vector<absl::string_view>& paths);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_LIBRARY_FILES_H_
