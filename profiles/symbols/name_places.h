// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_SYMBOLS_NAME_PLACES_H_
#define RELINK_PROFILES_SYMBOLS_NAME_PLACES_H_

#include "profiles/profile.h"
#include "profiles/symbols/function_table.h"

namespace relink::profiles {

// The same profile with each place counted from the beginning of its function,
// by name, so that it says something of other builds of the file, too. Places
// in no function that a symbol names stay as they are.
Profile NamePlaces(const Profile& profile, const SymbolSource& symbols);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_SYMBOLS_NAME_PLACES_H_
