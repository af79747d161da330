// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/find_program.h"

#include <unistd.h>

#include <cstdlib>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace relink::tools {

absl::StatusOr<std::string> FindProgram(absl::string_view name) {
  if (absl::StrContains(name, '/')) {
    if (access(std::string(name).c_str(), F_OK) == 0) return std::string(name);
    return absl::NotFoundError(absl::StrCat(name, ": no such file"));
  }
  const char* variable = std::getenv("PATH");
  const absl::string_view path = variable == nullptr ? "" : variable;
  for (absl::string_view folder :
       absl::StrSplit(path.empty() ? "/usr/bin:/bin" : path, ':')) {
    std::string file = absl::StrCat(folder.empty() ? "." : folder, "/", name);
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  return absl::NotFoundError(absl::StrCat(name, ": no such command"));
}

}  // namespace relink::tools
