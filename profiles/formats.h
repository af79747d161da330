// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_FORMATS_H_
#define RELINK_PROFILES_FORMATS_H_

#include <ostream>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "profiles/symbols/function_table.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

// A row: a format that profiles come in, or are written in.
struct ProfileFormat {
  absl::string_view name;  // As an option has it.
  absl::string_view help;
  bool is_binary;  // Nothing that a terminal should be shown.

  // Whether a file with this beginning may be one; null if that does not tell.
  bool (*sniff)(ByteView head);
  // Reads a stream to its end, in memory that does not depend on its length;
  // null if there is no reader.
  absl::StatusOr<Profile> (*read)(ByteStream in, const ReadOptions& options);
  // Null if there is no writer. Formats of names take them from `symbols`,
  // where the profile has none.
  absl::Status (*write)(const Profile& profile, const SymbolSource& symbols,
                        std::ostream& out);
};

// In the order in which files are asked.
std::span<const ProfileFormat> ProfileFormats();

// NotFound, with what was probably meant.
absl::StatusOr<const ProfileFormat*> FindFormat(absl::string_view name);

// Reads a profile of any format; what is compressed with gzip or zstd is
// decompressed first. InvalidArgument if no format fits.
absl::StatusOr<Profile> ReadProfile(ByteStream in,
                                    const ReadOptions& options = {});

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_FORMATS_H_
