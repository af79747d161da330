// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_PERF_DATA_READER_H_
#define RELINK_PROFILES_PERF_PERF_DATA_READER_H_

#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsPerfData(ByteView head);

// Reads what `perf record` writes, into a file or a pipe, of either byte order,
// compressed or not. Places are file offsets: which address of a process was
// where in which file is in the recording. InvalidArgument: malformed.
// OutOfRange: truncated. Unimplemented: parts in an order that a stream cannot
// be read in. NotFound: no event as asked for. ResourceExhausted: more
// processes, files or places than any real recording has.
absl::StatusOr<Profile> ReadPerfData(ByteStream in, const ReadOptions& options);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_PERF_DATA_READER_H_
