// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_STATUS_MACROS_H_
#define RELINK_SUPPORT_STATUS_MACROS_H_

// For .cc files only: headers keep their macros to themselves.

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define RETURN_IF_ERROR(...)                                               \
  do {                                                                     \
    if (absl::Status relink_status = (__VA_ARGS__); !relink_status.ok()) { \
      return relink_status;                                                \
    }                                                                      \
  } while (false)

#define RELINK_MACROS_CONCAT_INNER(a, b) a##b
#define RELINK_MACROS_CONCAT(a, b) RELINK_MACROS_CONCAT_INNER(a, b)
#define RELINK_MACROS_ASSIGN(status_or, lhs, expression) \
  auto status_or = (expression);                         \
  if (!status_or.ok()) return status_or.status();        \
  lhs = *std::move(status_or)

#define ASSIGN_OR_RETURN(lhs, ...)                                             \
  RELINK_MACROS_ASSIGN(RELINK_MACROS_CONCAT(relink_status_or_, __LINE__), lhs, \
                       (__VA_ARGS__))

#endif  // RELINK_SUPPORT_STATUS_MACROS_H_
