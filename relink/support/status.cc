// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/support/status.h"

#include <cstring>
#include <string>

#include "absl/strings/str_cat.h"

namespace relink {
namespace {

absl::StatusCode CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformed:
      return absl::StatusCode::kInvalidArgument;
    case ErrorCode::kOutOfRange:
      return absl::StatusCode::kOutOfRange;
    case ErrorCode::kUnsupported:
      return absl::StatusCode::kUnimplemented;
    case ErrorCode::kNotFound:
      return absl::StatusCode::kNotFound;
    case ErrorCode::kMismatch:
      return absl::StatusCode::kFailedPrecondition;
    case ErrorCode::kExhausted:
      return absl::StatusCode::kResourceExhausted;
    case ErrorCode::kInternal:
      return absl::StatusCode::kInternal;
  }
  return absl::StatusCode::kInternal;
}

}  // namespace

absl::Status ToStatus(const Error& error, absl::string_view context) {
  std::string message = absl::StrCat(context, ": ", error.what, " (at 0x",
                                     absl::Hex(error.offset), ")");
  if (error.os_error != 0) {
    absl::StrAppend(&message, ": ", std::strerror(error.os_error));
  }
  return absl::Status(CodeOf(error.code), message);
}

absl::Status Annotate(const absl::Status& status, absl::string_view context) {
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(context, ": ", status.message()));
}

}  // namespace relink
