// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_OWN_OWN_FORMAT_H_
#define RELINK_PROFILES_OWN_OWN_FORMAT_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

// Relink's own format, byte by byte in docs/profiles.md. All of a `Profile` is
// in it. Equal profiles give equal bytes.
namespace relink::profiles {

inline constexpr absl::string_view kOwnMagic = "relprof\n";
inline constexpr uint32_t kOwnVersion = 1;

bool IsOwnFormat(ByteView head);

// InvalidArgument: not this format, or damaged. Unimplemented: a version that
// is not known. OutOfRange: truncated.
absl::StatusOr<Profile> ReadOwnFormat(ByteStream in,
                                      const ReadOptions& options);

absl::Status WriteOwnFormat(const Profile& profile, std::ostream& out);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_OWN_OWN_FORMAT_H_
