// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TESTING_READ_TEXT_H_
#define RELINK_PROFILES_TESTING_READ_TEXT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/formats.h"
#include "profiles/print_profile.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "relink/support/byte_view.h"

// For tests only: a file called "r" with these bytes, whose format is told from
// them.
namespace relink::profiles {

inline absl::StatusOr<Profile> ReadBytes(const std::string& bytes,
                                         const ReadOptions& options = {}) {
  return ReadProfile(ByteStream("r", std::make_unique<MemorySource>(
                                         ByteView(bytes.data(), bytes.size()))),
                     options);
}

// As text; or the error.
inline std::string ReadAsText(const std::string& bytes,
                              const ReadOptions& options = {}) {
  const auto profile = ReadBytes(bytes, options);
  return profile.ok() ? PrintProfile(*profile)
                      : std::string(profile.status().message());
}

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TESTING_READ_TEXT_H_
