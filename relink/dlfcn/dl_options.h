// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_DL_OPTIONS_H_
#define RELINK_DLFCN_DL_OPTIONS_H_

#include <cstdlib>
#include <cstring>

namespace relink {

// What the environment says.
struct DlOptions {
  // RELINK_DL_STRICT=1: nothing falls back to ld.so.
  bool strict = false;
  // RELINK_DL_VERBOSE: null for no report, "1" for one on standard error, or
  // the path of a file to append it to.
  const char* report = nullptr;

  static DlOptions OfEnvironment() {
    const char* const strict = std::getenv("RELINK_DL_STRICT");
    return {.strict = strict != nullptr && std::strcmp(strict, "1") == 0,
            .report = std::getenv("RELINK_DL_VERBOSE")};
  }
};

}  // namespace relink

#endif  // RELINK_DLFCN_DL_OPTIONS_H_
