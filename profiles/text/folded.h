// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TEXT_FOLDED_H_
#define RELINK_PROFILES_TEXT_FOLDED_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "profiles/symbols/function_table.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsFolded(ByteView head);

// Reads stacks as flame graphs take them: functions from the outermost on with
// ; between them, a blank and how often. InvalidArgument: a line that cannot
// be, whose number it says.
absl::StatusOr<Profile> ReadFolded(ByteStream in, const ReadOptions& options);

// What ran after what called it, as far as is known: two functions, or one. In
// sum all samples of the profile.
absl::Status WriteFolded(const Profile& profile, const SymbolSource& symbols,
                         std::ostream& out);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TEXT_FOLDED_H_
