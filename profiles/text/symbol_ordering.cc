// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/text/symbol_ordering.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "profiles/text/line_reader.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {

bool IsSymbolOrdering(ByteView head) {
  const std::vector<absl::string_view> lines = FirstLines(head);
  return !lines.empty() &&
         std::all_of(lines.begin(), lines.end(), [](absl::string_view line) {
           return Words(line).size() == 1 &&
                  absl::ascii_isprint(static_cast<unsigned char>(line[0])) &&
                  line.find(';') == absl::string_view::npos;
         });
}

absl::StatusOr<Profile> ReadSymbolOrdering(ByteStream in, const ReadOptions&) {
  Profile profile;
  const ModuleId module = profile.AddModule({});
  std::vector<PlaceId> places;
  RETURN_IF_ERROR(ReadLines(
      std::move(in), profile, [&](absl::string_view line) -> absl::Status {
        // lld takes comments, too.
        line = absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
        if (line.empty()) return absl::OkStatus();
        const size_t known = profile.place_count();
        const PlaceId place =
            profile.AddPlace(Place::In(module, profile.AddName(line), 0));
        if (profile.place_count() != known) places.push_back(place);
        return absl::OkStatus();
      }));
  for (size_t i = 0; i < places.size(); ++i) {
    profile.AddCount(places[i], {0, places.size() - i});
  }
  profile.AddSource({.format = "symbol-ordering", .event = {}}, {});
  return profile;
}

absl::Status WriteSymbolOrdering(const Profile& profile,
                                 const SymbolSource& symbols,
                                 std::ostream& out) {
  const FunctionTable table(profile, symbols);
  for (const FunctionId id : table.ByWeight()) {
    const std::string& name = table.functions()[id].name;
    // What has no name of the file's own cannot be ordered by one.
    if (name.empty() || name[0] == '[' || absl::ascii_isdigit(name[0]))
      continue;
    out << name << '\n';
  }
  return absl::OkStatus();
}

}  // namespace relink::profiles
