// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_VERIFY_AUDIT_BYTES_H_
#define RELINK_TOOLS_RELINK_VERIFY_VERIFY_AUDIT_BYTES_H_

#include "absl/strings/string_view.h"

namespace relink::tools {

// verify_audit.c as a shared object, built in.
absl::string_view VerifyAuditBytes();

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_VERIFY_AUDIT_BYTES_H_
