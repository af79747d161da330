// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_VERIFY_FILE_H_
#define RELINK_TOOLS_RELINK_VERIFY_VERIFY_FILE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relink::tools {

// What verifying one file came to.
struct Verdict {
  enum class Kind {
    kOk,       // Every value, byte and protection agrees with ld.so's.
    kRefused,  // dlopen itself fails.
    kFailed,
  };
  Kind kind = Kind::kFailed;
  std::string summary;               // One line.
  std::vector<std::string> details;  // Disagreements.
};

absl::string_view Name(Verdict::Kind kind);

// Opens `path` with dlopen, loads it again through Relink up to but without its
// initialization functions, and compares both. Meant for a process of its own,
// as libraries may do anything, started with verify_audit.c as its LD_AUDIT, so
// that nothing changes ld.so's copy before it is compared. `passes` run over
// Relink's copy: the text of a pipeline, empty for none.
Verdict VerifyFile(const std::string& path, const std::string& passes = "");

// A verdict as lines of text, and back; anything else parses as a failure.
std::string FormatVerdict(const Verdict& verdict);
Verdict ParseVerdict(absl::string_view text);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_VERIFY_FILE_H_
