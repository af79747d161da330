// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PPROF_PPROF_H_
#define RELINK_PROFILES_PPROF_PPROF_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "profiles/symbols/function_table.h"
#include "relink/support/byte_view.h"

// pprof's format (google/pprof, proto/profile.proto): a protobuf message, which
// is mostly compressed with gzip. Its few kinds of fields are read and written
// here, as protobuf's library needs all of a message in memory, and its
// compiler to build.
namespace relink::profiles {

bool IsPprof(ByteView head);

// Reads one that is decompressed. Locations of a mapped file are kept as
// offsets in it, others by their function's name. Of several values of a
// sample, the one of type "samples" is their number, the last one their weight.
// InvalidArgument: malformed. OutOfRange: truncated. ResourceExhausted: too
// large.
absl::StatusOr<Profile> ReadPprof(ByteStream in, const ReadOptions& options);

// What ran, after what called it if that is known; compressed. In sum all
// samples.
absl::Status WritePprof(const Profile& profile, const SymbolSource& symbols,
                        std::ostream& out);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PPROF_PPROF_H_
