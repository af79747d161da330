// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_STATUS_H_
#define RELINK_SUPPORT_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/support/result.h"
#include "relink/support/string_ref.h"

namespace relink {

inline absl::string_view View(StringRef text) {
  return absl::string_view(text.data(), text.size());
}
inline StringRef Ref(absl::string_view text) {
  return StringRef(text.data(), text.size());
}

// The one bridge from the freestanding layers' errors:
// "context: what (at 0xOFFSET): errno text".
absl::Status ToStatus(const Error& error, absl::string_view context);

// `status` with "context: " put before its message.
absl::Status Annotate(const absl::Status& status, absl::string_view context);

}  // namespace relink

#endif  // RELINK_SUPPORT_STATUS_H_
