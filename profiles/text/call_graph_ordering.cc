// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/text/call_graph_ordering.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "profiles/text/line_reader.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {

bool IsCallGraphOrdering(ByteView head) {
  const std::vector<absl::string_view> lines = FirstLines(head);
  if (lines.empty()) return false;
  const std::vector<absl::string_view> words = Words(lines[0]);
  uint64_t weight;
  return words.size() == 3 && absl::SimpleAtoi(words[2], &weight) &&
         !absl::SimpleAtoi(words[1], &weight) &&
         // Then they are stacks, of names with blanks.
         std::none_of(lines.begin(), lines.end(), [](absl::string_view line) {
           return line.find(';') != absl::string_view::npos;
         });
}

absl::StatusOr<Profile> ReadCallGraphOrdering(ByteStream in,
                                              const ReadOptions&) {
  Profile profile;
  const ModuleId module = profile.AddModule({});
  const auto place = [&](absl::string_view name) {
    return profile.AddPlace(Place::In(module, profile.AddName(name), 0));
  };
  Count total;
  RETURN_IF_ERROR(ReadLines(
      std::move(in), profile, [&](absl::string_view line) -> absl::Status {
        const std::vector<absl::string_view> words = Words(line);
        if (words.empty()) return absl::OkStatus();
        uint64_t weight;
        if (words.size() != 3 || !absl::SimpleAtoi(words[2], &weight)) {
          return absl::InvalidArgumentError(
              "expected a caller, a callee and a weight");
        }
        const Count count = {weight, weight};
        const PlaceId to = place(words[1]);
        profile.AddEdge({EdgeKind::kCall, place(words[0]), to}, count);
        profile.AddCount(to, count);
        total += count;
        return absl::OkStatus();
      }));
  profile.AddSource({.format = "call-graph-ordering", .event = {}}, total);
  return profile;
}

}  // namespace relink::profiles
