// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_EMIT_REPLACE_FILE_H_
#define RELINK_TOOLS_RELINK_EMIT_REPLACE_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <span>
#include <string>

#include "absl/status/statusor.h"

namespace relink::tools {

// A file that is written beside `path` under another name and takes its place
// all at once: whoever has the old one open or mapped keeps it. One that was
// not committed leaves nothing.
class ReplacementFile {
 public:
  // ResourceExhausted: the system refused, as "path: what: errno text".
  static absl::StatusOr<ReplacementFile> Write(const std::string& path,
                                               std::span<const std::byte> bytes,
                                               mode_t mode);

  ReplacementFile(ReplacementFile&& other) noexcept;
  ReplacementFile& operator=(ReplacementFile&& other) noexcept;
  ~ReplacementFile();

  // Once: gives it its name.
  absl::Status Commit();

 private:
  ReplacementFile(std::string path, std::string temporary)
      : path_(std::move(path)), temporary_(std::move(temporary)) {}

  std::string path_;
  std::string temporary_;  // Empty: nothing is to be removed.
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_EMIT_REPLACE_FILE_H_
