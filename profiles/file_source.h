// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_FILE_SOURCE_H_
#define RELINK_PROFILES_FILE_SOURCE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"

namespace relink::profiles {

// How much was read, and of how much; 0 of what has no size.
using Progress = std::function<void(uint64_t read, uint64_t size)>;

// A file, a pipe, or standard input for "-", which `progress` is told about.
// NotFound, FailedPrecondition (a directory) or ResourceExhausted, as
// "path: what: errno text".
absl::StatusOr<std::unique_ptr<ByteSource>> OpenFile(const std::string& path,
                                                     Progress progress = {});

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_FILE_SOURCE_H_
