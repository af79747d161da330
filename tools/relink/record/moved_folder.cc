// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/moved_folder.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace relink::tools {

absl::StatusOr<MovedFolder> MovedFolder::Make() {
  MovedFolder folder;
  const char* given = std::getenv("RELINK_PERF_MAP");
  if (given != nullptr && *given != '\0') {
    folder.path_ = absl::string_view(given) == "1" ? "/tmp" : given;
    return folder;
  }
  std::error_code error;
  const auto temporary = std::filesystem::temp_directory_path(error);
  folder.path_ = absl::StrCat(error ? "/tmp" : temporary.string(),
                              "/relink-record-XXXXXX");
  if (mkdtemp(folder.path_.data()) == nullptr) {
    return absl::ResourceExhaustedError(
        absl::StrCat(folder.path_, ": ", std::strerror(errno)));
  }
  folder.is_own_ = true;
  return folder;
}

MovedFolder::~MovedFolder() {
  std::error_code error;
  if (is_own_) std::filesystem::remove_all(path_, error);
}

}  // namespace relink::tools
