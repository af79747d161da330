// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PPROF_PROTOBUF_FIELDS_H_
#define RELINK_PROFILES_PPROF_PROTOBUF_FIELDS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

// Numbers of wire types (protobuf.dev, "Encoding").
enum class WireType : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kFixed32 = 5,
};

// A field of a message.
struct ProtobufField {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t value = 0;  // Of kVarint.
  ByteView bytes;      // Of kBytes.
};

// Reads the fields of a message one after the other.
class ProtobufFields {
 public:
  explicit ProtobufFields(ByteView message) : rest_(message) {}

  // Nothing after the last one. InvalidArgument: malformed.
  absl::StatusOr<std::optional<ProtobufField>> Next();

 private:
  ByteView rest_;
};

// Adds the values of a repeated number, which may be packed into bytes.
absl::Status AppendNumbers(const ProtobufField& field,
                           std::vector<uint64_t>& numbers);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PPROF_PROTOBUF_FIELDS_H_
