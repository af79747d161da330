// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TEXT_PREAGGREGATED_H_
#define RELINK_PROFILES_TEXT_PREAGGREGATED_H_

#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsPreaggregated(ByteView head);

// Reads BOLT's pre-aggregated branches and samples, also of several modules: a
// location is an address, or a build-id, a colon and an address. Each branch
// counts once for its source. InvalidArgument: a line that cannot be, whose
// number it says.
absl::StatusOr<Profile> ReadPreaggregated(ByteStream in,
                                          const ReadOptions& options);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TEXT_PREAGGREGATED_H_
