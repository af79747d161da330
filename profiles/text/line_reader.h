// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TEXT_LINE_READER_H_
#define RELINK_PROFILES_TEXT_LINE_READER_H_

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

// Text, line after line, in memory bounded by the longest line.
class LineReader {
 public:
  // Longer ones are malformed.
  static constexpr size_t kMaxLine = size_t{1} << 20;

  explicit LineReader(ByteStream in) : in_(std::move(in)) {}

  // Without its end ("\n" or "\r\n"); nothing after the last one. Valid until
  // the next call.
  absl::StatusOr<std::optional<absl::string_view>> Next();

  // "name: what (line 3)", about the line that was read last.
  absl::Status Error(absl::StatusCode code, absl::string_view what) const;
  absl::Status Malformed(absl::string_view what) const;

 private:
  ByteStream in_;
  size_t last_size_ = 0;  // Of the last line, which the stream still shows.
  uint64_t number_ = 0;
};

// Reads all lines with `read`, which says what is wrong with one; stops if
// `profile` gets too large.
absl::Status ReadLines(
    ByteStream in, const Profile& profile,
    absl::FunctionRef<absl::Status(absl::string_view line)> read);

// The words of a line between blanks.
std::vector<absl::string_view> Words(absl::string_view line);

// The first whole lines of a file that are neither empty nor begin with '#',
// ten at most; none if they are not text.
std::vector<absl::string_view> FirstLines(ByteView head);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TEXT_LINE_READER_H_
