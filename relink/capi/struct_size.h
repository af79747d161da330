// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_CAPI_STRUCT_SIZE_H_
#define RELINK_CAPI_STRUCT_SIZE_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink::capi {

// Checks a structure of the caller's that begins with its size, `given`.
//
// InvalidArgument: it is smaller than `smallest`, the structure as it was first
// released, or too large to be one.  Unimplemented: it is larger than `known`,
// and something behind is not zero.
absl::Status CheckStructSize(absl::string_view name, const void* structure,
                             size_t given, size_t smallest, size_t known);

// A copy of such a structure; if there is none, the defaults, which are zeros.
template <typename T>
absl::StatusOr<T> ReadStruct(absl::string_view name, const T* given) {
  if (given == nullptr) return T{};
  absl::Status status =
      CheckStructSize(name, given, given->size, sizeof(T), sizeof(T));
  if (!status.ok()) return status;
  return *given;
}

// FLAGS that are not among `known`: Unimplemented.
absl::Status CheckFlags(absl::string_view name, uint32_t flags, uint32_t known);

}  // namespace relink::capi

#endif  // RELINK_CAPI_STRUCT_SIZE_H_
