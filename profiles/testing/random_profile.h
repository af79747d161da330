// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TESTING_RANDOM_PROFILE_H_
#define RELINK_PROFILES_TESTING_RANDOM_PROFILE_H_

#include <random>

#include "profiles/profile.h"

namespace relink::profiles {

// For tests only: a profile with some of everything, from few enough modules
// and places that two of them have many in common.
Profile RandomProfile(std::mt19937& random);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TESTING_RANDOM_PROFILE_H_
