// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TEXT_PERF_SCRIPT_H_
#define RELINK_PROFILES_TEXT_PERF_SCRIPT_H_

#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsPerfScript(ByteView head);

// Reads what perf script prints. An address that one of its mapping lines
// (--show-mmap-events) explains is kept as an offset in the file, any other by
// the symbol that perf found. InvalidArgument: a line that cannot be, whose
// number it says.
absl::StatusOr<Profile> ReadPerfScript(ByteStream in,
                                       const ReadOptions& options);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TEXT_PERF_SCRIPT_H_
