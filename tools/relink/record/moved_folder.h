// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_RECORD_MOVED_FOLDER_H_
#define RELINK_TOOLS_RELINK_RECORD_MOVED_FOLDER_H_

#include <string>
#include <utility>

#include "absl/status/statusor.h"

namespace relink::tools {

// Where relinked programs say what they moved: what RELINK_PERF_MAP names
// already, or else a new folder of this user's, for as long as this is.
class MovedFolder {
 public:
  // ResourceExhausted: none can be made.
  static absl::StatusOr<MovedFolder> Make();

  MovedFolder(MovedFolder&& other) noexcept { *this = std::move(other); }
  MovedFolder& operator=(MovedFolder&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(is_own_, other.is_own_);
    return *this;
  }
  ~MovedFolder();

  const std::string& path() const { return path_; }

 private:
  MovedFolder() = default;

  std::string path_;
  bool is_own_ = false;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_RECORD_MOVED_FOLDER_H_
