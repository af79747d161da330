// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TEXT_CALL_GRAPH_ORDERING_H_
#define RELINK_PROFILES_TEXT_CALL_GRAPH_ORDERING_H_

#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsCallGraphOrdering(ByteView head);

// Reads caller, callee and weight on each line, as ld.lld
// --call-graph-ordering-file takes them. Each call counts once for what is
// called. InvalidArgument: a line that cannot be, whose number it says.
absl::StatusOr<Profile> ReadCallGraphOrdering(ByteStream in,
                                              const ReadOptions& options);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TEXT_CALL_GRAPH_ORDERING_H_
