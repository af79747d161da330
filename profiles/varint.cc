// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/varint.h"

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {

void AppendVarint(uint64_t value, std::string& text) {
  while (value >= 0x80) {
    text.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  text.push_back(static_cast<char>(value));
}

absl::StatusOr<uint64_t> ReadVarint(ByteStream& in) {
  ASSIGN_OR_RETURN(const ByteView window, in.Peek(10));
  uint64_t value = 0;
  for (size_t i = 0; i < window.size(); ++i) {
    const auto byte = std::to_integer<uint64_t>(window.data()[i]);
    if (i == 9 && byte > 1)
      return in.Malformed("a number of more than 64 bits");
    value |= (byte & 0x7f) << (7 * i);
    if ((byte & 0x80) != 0) continue;
    in.Advance(i + 1);
    return value;
  }
  return in.Error(absl::StatusCode::kOutOfRange, "ends in a number");
}

void AppendString(absl::string_view value, std::string& text) {
  AppendVarint(value.size(), text);
  text.append(value.data(), value.size());
}

absl::StatusOr<std::string> ReadString(ByteStream& in, size_t max) {
  ASSIGN_OR_RETURN(const uint64_t size, ReadVarint(in));
  if (size > max)
    return in.Malformed(absl::StrCat("a text of ", size, " bytes"));
  ASSIGN_OR_RETURN(const ByteView bytes, in.Need(size));
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  in.Advance(size);
  return text;
}

}  // namespace relink::profiles
