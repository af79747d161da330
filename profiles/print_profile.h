// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PRINT_PROFILE_H_
#define RELINK_PROFILES_PRINT_PROFILE_H_

#include <string>

#include "profiles/profile.h"

namespace relink::profiles {

// "build-id 1f95d549..." or the path, or "unknown module".
std::string ModuleName(const ModuleKey& key);

// All of a profile as text, for tests and for looking at: equal profiles give
// equal texts.
//
//   source perf.data cycles period=100000 samples=12 weight=1200000
//   module /usr/bin/ls
//     file+0x1040 samples=12 weight=1200000
//   call /usr/bin/ls file+0x1044 -> /usr/lib/libc.so.6 file+0x2000 samples=3
//   weight=300000 not attributed: kernel samples=4 weight=400000
std::string PrintProfile(const Profile& profile);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PRINT_PROFILE_H_
