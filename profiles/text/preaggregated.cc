// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/text/preaggregated.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "profiles/text/line_reader.h"
#include "relink/support/status_macros.h"

// The format is described in BOLT's include/bolt/Profile/DataAggregator.h.
namespace relink::profiles {
namespace {

using Fields = std::vector<absl::string_view>;

// A kind of line: its letter, and what follows it.
struct LineKind {
  absl::string_view letter;
  size_t locations;
  size_t counts;
};
constexpr LineKind kLineKinds[] = {
    {"S", 1, 1},  // A sample.
    {"B", 2, 2},  // A branch, how often, and how often mispredicted.
    {"F", 2, 1},  // Code that ran straight on.
    {"f", 2, 1},  // The same after a branch from outside.
    {"r", 2, 1},  // The same after a return.
    {"T", 3, 1},  // A branch, and how far the code ran on from its target.
    {"R", 3, 1},  // The same of a return.
};

const LineKind* FindKind(absl::string_view letter) {
  for (const LineKind& kind : kLineKinds) {
    if (kind.letter == letter) return &kind;
  }
  return nullptr;
}

bool IsHex(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isxdigit(static_cast<unsigned char>(c));
  });
}

class Reader {
 public:
  absl::Status ReadLine(absl::string_view line) {
    const Fields fields = Words(line);
    if (fields.empty() || fields[0][0] == '#') return absl::OkStatus();
    if (fields[0] == "E") {
      if (fields.size() > 1) source_.event = std::string(fields[1]);
      return absl::OkStatus();
    }
    const LineKind* kind = FindKind(fields[0]);
    if (kind == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("no kind of line: ", fields[0]));
    }
    if (fields.size() != 1 + kind->locations + kind->counts) {
      return absl::InvalidArgumentError(
          absl::StrCat(kind->letter, " takes ", kind->locations,
                       " locations and ", kind->counts, " counts"));
    }
    std::vector<std::optional<PlaceId>> places;
    for (size_t i = 0; i < kind->locations; ++i) {
      ASSIGN_OR_RETURN(const auto place, ReadLocation(fields[1 + i]));
      places.push_back(place);
    }
    std::vector<Count> counts;
    for (size_t i = 0; i < kind->counts; ++i) {
      const absl::string_view field = fields[1 + kind->locations + i];
      uint64_t count;
      if (!absl::SimpleAtoi(field, &count)) {
        return absl::InvalidArgumentError(absl::StrCat("no count: ", field));
      }
      counts.push_back({count, count});
    }
    Add(*kind, places, counts);
    return absl::OkStatus();
  }

  Profile Finish() {
    profile_.AddSource(source_, total_);
    return std::move(profile_);
  }
  const Profile& profile() const { return profile_; }

 private:
  // [build-id:]address. Nothing for X:address, which is in no known module.
  absl::StatusOr<std::optional<PlaceId>> ReadLocation(absl::string_view text) {
    const size_t colon = text.find(':');
    const bool has_id = colon != absl::string_view::npos;
    const absl::string_view id = text.substr(0, has_id ? colon : 0);
    uint64_t address;
    if (!absl::SimpleHexAtoi(text.substr(has_id ? colon + 1 : 0), &address)) {
      return absl::InvalidArgumentError(absl::StrCat("no location: ", text));
    }
    if (id == "X") return std::nullopt;
    if (has_id && (!IsHex(id) || id.size() % 2 != 0)) {
      return absl::InvalidArgumentError(absl::StrCat("no build-id: ", id));
    }
    const ModuleId module =
        profile_.AddModule({.build_id = absl::HexStringToBytes(id)});
    return profile_.AddPlace(Place::At(module, LinkAddr(address)));
  }

  void Add(const LineKind& kind,
           const std::vector<std::optional<PlaceId>>& places,
           const std::vector<Count>& counts) {
    const Count& count = counts[0];
    const char letter = kind.letter[0];
    if (letter == 'S') {
      Sample(places[0], count);
    } else if (letter == 'B' || letter == 'T' || letter == 'R') {
      Sample(places[0], count);
      AddEdge(EdgeKind::kBranch, places[0], places[1], count);
    }
    if (letter == 'B') {
      AddEdge(EdgeKind::kMispredicted, places[0], places[1], counts[1]);
    } else if (places.size() >= 2) {
      AddEdge(EdgeKind::kRun, places[places.size() - 2], places.back(), count);
    }
  }

  void Sample(std::optional<PlaceId> place, const Count& count) {
    total_ += count;
    if (place) {
      profile_.AddCount(*place, count);
    } else {
      profile_.AddUnattributed(Unattributed::kUnknown, count);
    }
  }

  void AddEdge(EdgeKind kind, std::optional<PlaceId> from,
               std::optional<PlaceId> to, const Count& count) {
    if (from && to && count != Count()) {
      profile_.AddEdge({kind, *from, *to}, count);
    }
  }

  Profile profile_;
  Source source_ = {.format = "preaggregated", .event = {}};
  Count total_;
};

}  // namespace

bool IsPreaggregated(ByteView head) {
  const Fields lines = FirstLines(head);
  if (lines.empty()) return false;
  const Fields fields = Words(lines[0]);
  const LineKind* kind = FindKind(fields[0]);
  if (kind == nullptr) return fields[0] == "E" && fields.size() == 2;
  return fields.size() == 1 + kind->locations + kind->counts;
}

absl::StatusOr<Profile> ReadPreaggregated(ByteStream in, const ReadOptions&) {
  Reader reader;
  RETURN_IF_ERROR(
      ReadLines(std::move(in), reader.profile(),
                [&](absl::string_view line) { return reader.ReadLine(line); }));
  return reader.Finish();
}

}  // namespace relink::profiles
