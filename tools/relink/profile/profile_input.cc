// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/profile/profile_input.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "profiles/byte_stream.h"
#include "profiles/count.h"
#include "profiles/file_source.h"
#include "profiles/formats.h"
#include "profiles/read_options.h"
#include "relink/support/status_macros.h"
#include "tools/relink/shown_text.h"

namespace relink::tools {
namespace {

using profiles::Profile;
using profiles::ScaleFactor;

// "reading x: 42%", in place, of what takes longer than a moment.
class ProgressLine {
 public:
  explicit ProgressLine(absl::string_view path)
      : path_(Shown(path)), watched_(isatty(STDERR_FILENO) != 0) {}
  ~ProgressLine() {
    if (shown_) absl::FPrintF(stderr, "\r\x1b[K");
  }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void Show(uint64_t read, uint64_t size) {
    constexpr auto kInterval = std::chrono::milliseconds(250);
    if (!watched_ || Clock::now() - last_ < kInterval) return;
    last_ = Clock::now();
    shown_ = true;
    absl::FPrintF(stderr, "\r\x1b[Kreading %s: %s", path_,
                  size == 0 ? absl::StrCat(read >> 20, " MiB")
                            : absl::StrCat(read * 100 / size, "%"));
  }

 private:
  using Clock = std::chrono::steady_clock;

  std::string path_;
  bool watched_;
  bool shown_ = false;
  Clock::time_point last_ = Clock::now();
};

absl::StatusOr<double> Factor(const Arguments& arguments,
                              absl::string_view name, double largest) {
  if (!arguments.Has(name)) return 1;
  double factor;
  if (!absl::SimpleAtod(arguments.Value(name), &factor) || !(factor > 0) ||
      factor > largest) {
    return UsageError(
        absl::StrCat("profile: --", name, ": ", arguments.Value(name),
                     " is not a number above 0 and up to ", largest));
  }
  return factor;
}

absl::StatusOr<Profile> ReadInput(const Arguments& arguments,
                                  const std::string& path) {
  ProgressLine progress(path);
  ASSIGN_OR_RETURN(auto source,
                   profiles::OpenFile(path, [&](uint64_t read, uint64_t size) {
                     progress.Show(read, size);
                   }));
  profiles::ByteStream in(path == "-" ? "standard input" : path,
                          std::move(source));
  const profiles::ReadOptions options = {
      .event = std::string(arguments.Value("event")),
      .moved = std::string(arguments.Value("moved"))};
  if (!arguments.Has("from")) {
    return profiles::ReadProfile(std::move(in), options);
  }
  ASSIGN_OR_RETURN(const profiles::ProfileFormat* format,
                   profiles::FindFormat(arguments.Value("from")));
  if (format->read == nullptr) {
    return UsageError(absl::StrCat("profile: --from: ", format->name,
                                   " can only be written"));
  }
  return format->read(std::move(in), options);
}

}  // namespace

absl::StatusOr<Profile> ReadInputs(const Arguments& arguments,
                                   std::span<const absl::string_view> paths) {
  constexpr double kMaxScale = 1e9;
  ASSIGN_OR_RETURN(const double scale, Factor(arguments, "scale", kMaxScale));
  ASSIGN_OR_RETURN(const double decay, Factor(arguments, "decay", 1));
  // From the last one, whose age is 0, to the first.
  Profile sum;
  ScaleFactor factor = ScaleFactor::Of(scale);
  for (size_t i = paths.size(); i > 0; --i) {
    ASSIGN_OR_RETURN(Profile input,
                     ReadInput(arguments, std::string(paths[i - 1])));
    if (paths.size() == 1 && scale == 1) return input;
    sum.Merge(input, factor);
    RETURN_IF_ERROR(sum.CheckSize());
    factor = factor * ScaleFactor::Of(decay);
  }
  return sum;
}

}  // namespace relink::tools
