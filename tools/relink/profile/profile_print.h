// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PROFILE_PROFILE_PRINT_H_
#define RELINK_TOOLS_RELINK_PROFILE_PROFILE_PRINT_H_

#include <cstddef>
#include <ostream>
#include <vector>

#include "profiles/profile.h"
#include "profiles/symbols/function_table.h"

namespace relink::tools {

// What is shown of a profile.
struct ShownProfile {
  const profiles::Profile& profile;
  const profiles::FunctionTable& functions;
  size_t top;  // So many functions.
};

// Modules with samples, the most weight first.
std::vector<profiles::ModuleId> ModulesByWeight(
    const profiles::Profile& profile);

void PrintProfileText(const ShownProfile& shown, std::ostream& out);
void PrintProfileJson(const ShownProfile& shown, std::ostream& out);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PROFILE_PROFILE_PRINT_H_
