// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TEXT_FDATA_H_
#define RELINK_PROFILES_TEXT_FDATA_H_

#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsFdata(ByteView head);

// Reads what BOLT's perf2bolt writes (.fdata). Its samples are branches, or
// addresses; each branch counts once for its source. InvalidArgument: a line
// that cannot be, whose number it says.
absl::StatusOr<Profile> ReadFdata(ByteStream in, const ReadOptions& options);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TEXT_FDATA_H_
