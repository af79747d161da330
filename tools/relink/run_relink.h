// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RUN_RELINK_H_
#define RELINK_TOOLS_RELINK_RUN_RELINK_H_

#include <string>

#include "absl/strings/string_view.h"
#include "relink/support/byte_view.h"

// For tests only: the built command as its users run it. Bazel tests name
// "//tools/relink" in their `data`.
namespace relink::tools {

struct Outcome {
  int exit_code;
  std::string out;
  std::string err;
};

// `text` as one word of a shell command.
std::string Quoted(absl::string_view text);

Outcome Shell(const std::string& command);

// What a pipeline prints, without the white space around it.
std::string Printed(const std::string& pipeline);

// The binary in the run-files, or the one that RELINK in the environment names.
std::string RelinkPath();
Outcome RunRelink(const std::string& arguments);

// Files under the test's own folder; they return the path.
std::string TempPath(absl::string_view name);
std::string WriteFile(absl::string_view name, ByteView bytes);
std::string CompileC(absl::string_view name, absl::string_view source,
                     absl::string_view flags);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RUN_RELINK_H_
