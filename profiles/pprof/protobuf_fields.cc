// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/pprof/protobuf_fields.h"

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

constexpr uint64_t kMaxFieldNumber = (uint64_t{1} << 29) - 1;

absl::Status CutOff() {
  return absl::InvalidArgumentError("a message ends in a field");
}

absl::StatusOr<uint64_t> TakeVarint(ByteView& rest) {
  uint64_t value = 0;
  for (size_t i = 0; i < rest.size() && i < 10; ++i) {
    const auto byte = std::to_integer<uint64_t>(rest.data()[i]);
    value |= (byte & 0x7f) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    rest = *rest.From(i + 1);
    return value;
  }
  return CutOff();
}

}  // namespace

absl::StatusOr<std::optional<ProtobufField>> ProtobufFields::Next() {
  if (rest_.size() == 0) return std::nullopt;
  ASSIGN_OR_RETURN(const uint64_t tag, TakeVarint(rest_));
  ProtobufField field;
  if (tag >> 3 == 0 || tag >> 3 > kMaxFieldNumber) {
    return absl::InvalidArgumentError("no number of a field");
  }
  field.number = static_cast<uint32_t>(tag >> 3);
  field.type = static_cast<WireType>(tag & 7);
  uint64_t size = 0;
  switch (field.type) {
    case WireType::kVarint: {
      ASSIGN_OR_RETURN(field.value, TakeVarint(rest_));
      return field;
    }
    case WireType::kBytes: {
      ASSIGN_OR_RETURN(size, TakeVarint(rest_));
      break;
    }
    case WireType::kFixed64:
      size = 8;
      break;
    case WireType::kFixed32:
      size = 4;
      break;
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("a field of wire type ", tag & 7));
  }
  const auto bytes = rest_.Slice(0, size);
  if (!bytes.ok()) return CutOff();
  field.bytes = *bytes;
  rest_ = *rest_.From(size);
  return field;
}

absl::Status AppendNumbers(const ProtobufField& field,
                           std::vector<uint64_t>& numbers) {
  if (field.type == WireType::kVarint) {
    numbers.push_back(field.value);
    return absl::OkStatus();
  }
  ByteView rest = field.bytes;
  while (rest.size() != 0) {
    ASSIGN_OR_RETURN(const uint64_t number, TakeVarint(rest));
    numbers.push_back(number);
  }
  return absl::OkStatus();
}

}  // namespace relink::profiles
