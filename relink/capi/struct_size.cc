// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/capi/struct_size.h"

#include <algorithm>
#include <span>

#include "absl/strings/str_cat.h"

namespace relink::capi {
namespace {

// No structure will ever be larger, but what nobody initialized may say so.
constexpr size_t kLargest = 4096;

}  // namespace

absl::Status CheckStructSize(absl::string_view name, const void* structure,
                             size_t given, size_t smallest, size_t known) {
  if (given < smallest || given > kLargest) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": its size is ", given, ", which should be sizeof(",
                     name, "), ", known));
  }
  if (given <= known) return absl::OkStatus();
  const std::span<const std::byte> bytes(
      static_cast<const std::byte*>(structure), given);
  const bool unused = std::ranges::all_of(
      bytes.subspan(known), [](std::byte byte) { return byte == std::byte{}; });
  if (unused) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat(name, ": uses members that a later version of Relink has"));
}

absl::Status CheckFlags(absl::string_view name, uint32_t flags,
                        uint32_t known) {
  if ((flags & ~known) == 0) return absl::OkStatus();
  return absl::UnimplementedError(
      absl::StrCat(name, ": unknown flags 0x", absl::Hex(flags & ~known)));
}

}  // namespace relink::capi
