// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_DLFCN_DL_OPTIONS_H_
#define RELINK_DLFCN_DL_OPTIONS_H_

#include <cstdlib>
#include <cstring>

namespace relink {

// What the environment says.
struct DlOptions {
  bool strict = false;   // RELINK_DL_STRICT=1: nothing falls back to ld.so.
  bool verbose = false;  // RELINK_DL_VERBOSE=1: a line for each load.

  static DlOptions OfEnvironment() {
    const auto is_on = [](const char* name) {
      const char* const value = std::getenv(name);
      return value != nullptr && std::strcmp(value, "1") == 0;
    };
    return {.strict = is_on("RELINK_DL_STRICT"),
            .verbose = is_on("RELINK_DL_VERBOSE")};
  }
};

}  // namespace relink

#endif  // RELINK_DLFCN_DL_OPTIONS_H_
