// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/capi/error.h"

#include <string>

#include "absl/strings/str_cat.h"

struct relink_error {
  relink_code code;
  std::string message;
};

namespace relink::capi {
namespace {

relink_code CodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return RELINK_OK;
    case absl::StatusCode::kInvalidArgument:
      return RELINK_INVALID_ARGUMENT;
    case absl::StatusCode::kNotFound:
      return RELINK_NOT_FOUND;
    case absl::StatusCode::kAlreadyExists:
      return RELINK_ALREADY_EXISTS;
    case absl::StatusCode::kPermissionDenied:
      return RELINK_PERMISSION_DENIED;
    case absl::StatusCode::kResourceExhausted:
      return RELINK_RESOURCE_EXHAUSTED;
    case absl::StatusCode::kFailedPrecondition:
      return RELINK_FAILED_PRECONDITION;
    case absl::StatusCode::kOutOfRange:
      return RELINK_OUT_OF_RANGE;
    case absl::StatusCode::kUnimplemented:
      return RELINK_UNIMPLEMENTED;
    default:
      return RELINK_INTERNAL;
  }
}

}  // namespace

void Report(const absl::Status& status, relink_error** error) {
  if (error == nullptr) return;
  *error = status.ok() ? nullptr
                       : new relink_error{CodeOf(status.code()),
                                          std::string(status.message())};
}

absl::Status Require(std::initializer_list<Argument> arguments) {
  for (const Argument& argument : arguments) {
    if (argument.value != nullptr) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("argument `", argument.name, "` is NULL"));
  }
  return absl::OkStatus();
}

}  // namespace relink::capi

relink_code relink_error_code(const relink_error* error) {
  return error == nullptr ? RELINK_OK : error->code;
}

const char* relink_error_message(const relink_error* error) {
  return error == nullptr ? "" : error->message.c_str();
}

void relink_error_free(relink_error* error) { delete error; }
