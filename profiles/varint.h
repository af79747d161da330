// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_VARINT_H_
#define RELINK_PROFILES_VARINT_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "profiles/byte_stream.h"

namespace relink::profiles {

// Unsigned LEB128, which is also protobuf's varint: seven bits in a byte, the
// lowest first, the eighth bit for one more byte.
void AppendVarint(uint64_t value, std::string& text);

// InvalidArgument: more than 64 bits.
absl::StatusOr<uint64_t> ReadVarint(ByteStream& in);

// Length and bytes. InvalidArgument if longer than `max`.
void AppendString(absl::string_view value, std::string& text);
absl::StatusOr<std::string> ReadString(ByteStream& in, size_t max);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_VARINT_H_
