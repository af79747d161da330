// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_CAPI_ERROR_H_
#define RELINK_CAPI_ERROR_H_

#include <initializer_list>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/capi/relink.h"

namespace relink::capi {

// Gives the caller what `status` says; `error` may be null.
void Report(const absl::Status& status, relink_error** error);

// What a function of the C API returns, and what it says of it.
template <typename T>
T Answer(absl::StatusOr<T> result, relink_error** error) {
  Report(result.status(), error);
  return result.ok() ? *std::move(result) : T{};
}
inline bool Answer(const absl::Status& status, relink_error** error) {
  Report(status, error);
  return status.ok();
}

// An argument that must not be null.
struct Argument {
  const char* name;
  const void* value;
};

// InvalidArgument: names the first that is.
absl::Status Require(std::initializer_list<Argument> arguments);

}  // namespace relink::capi

#endif  // RELINK_CAPI_ERROR_H_
