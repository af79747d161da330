// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/text/fdata.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "profiles/text/line_reader.h"
#include "relink/support/status_macros.h"

// The format is described in BOLT's include/bolt/Profile/DataReader.h.
namespace relink::profiles {
namespace {

using Fields = std::vector<absl::string_view>;

constexpr absl::string_view kNoBranches = "no_lbr";
constexpr absl::string_view kCollection = "boltedcollection";

// Fields between single blanks; a blank in a name has a backslash before it.
std::vector<std::string> SplitFields(absl::string_view line) {
  std::vector<std::string> fields(1);
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size()) {
      fields.back().push_back(line[++i]);
    } else if (line[i] == ' ') {
      fields.emplace_back();
    } else {
      fields.back().push_back(line[i]);
    }
  }
  return fields;
}

// 0: an offset in a file; 1: in a symbol; 3 to 6: of loads, which are no code.
bool IsPlaceKind(absl::string_view field) {
  return field.size() == 1 && field[0] >= '0' && field[0] <= '6';
}

class Reader {
 public:
  absl::Status ReadLine(absl::string_view line) {
    if (line.empty() || line == kCollection) return absl::OkStatus();
    const std::vector<std::string> fields = SplitFields(line);
    if (fields[0] == kNoBranches) {
      has_branches_ = false;
      if (fields.size() > 1) source_.event = fields[1];
      return absl::OkStatus();
    }
    if (!IsPlaceKind(fields[0])) {
      return absl::InvalidArgumentError("no record of .fdata");
    }
    if (fields[0][0] >= '3') return absl::OkStatus();
    return has_branches_ ? AddBranch(fields) : AddSample(fields);
  }

  Profile Finish() {
    profile_.AddSource(source_, total_);
    return std::move(profile_);
  }
  const Profile& profile() const { return profile_; }

 private:
  // kind name offset
  absl::StatusOr<PlaceId> ReadPlace(std::span<const std::string> fields) {
    uint64_t offset;
    if (!absl::SimpleHexAtoi(fields[2], &offset)) {
      return absl::InvalidArgumentError(absl::StrCat("no offset: ", fields[2]));
    }
    if (fields[0] == "0") {
      const ModuleId module = profile_.AddModule({.path = fields[1]});
      return profile_.AddPlace(Place::At(module, LinkAddr(offset)));
    }
    return profile_.AddPlace(
        Place::In(profile_.AddModule({}), profile_.AddName(fields[1]), offset));
  }

  static absl::StatusOr<Count> ReadCount(const std::string& field) {
    uint64_t count;
    if (absl::SimpleAtoi(field, &count)) return Count{count, count};
    return absl::InvalidArgumentError(absl::StrCat("no count: ", field));
  }

  // place count
  absl::Status AddSample(std::span<const std::string> fields) {
    if (fields.size() != 4) {
      return absl::InvalidArgumentError("expected a place and a count");
    }
    ASSIGN_OR_RETURN(const PlaceId place, ReadPlace(fields));
    ASSIGN_OR_RETURN(const Count count, ReadCount(fields[3]));
    profile_.AddCount(place, count);
    total_ += count;
    return absl::OkStatus();
  }

  // from to mispredictions count
  absl::Status AddBranch(std::span<const std::string> fields) {
    if (fields.size() != 8) {
      return absl::InvalidArgumentError("expected two places and two counts");
    }
    ASSIGN_OR_RETURN(const PlaceId from, ReadPlace(fields));
    ASSIGN_OR_RETURN(const PlaceId to, ReadPlace(fields.subspan(3)));
    ASSIGN_OR_RETURN(const Count mispredicted, ReadCount(fields[6]));
    ASSIGN_OR_RETURN(const Count count, ReadCount(fields[7]));
    profile_.AddCount(from, count);
    profile_.AddEdge({EdgeKind::kBranch, from, to}, count);
    if (mispredicted != Count()) {
      profile_.AddEdge({EdgeKind::kMispredicted, from, to}, mispredicted);
    }
    total_ += count;
    return absl::OkStatus();
  }

  Profile profile_;
  Source source_ = {.format = "fdata", .event = {}};
  Count total_;
  bool has_branches_ = true;
};

}  // namespace

bool IsFdata(ByteView head) {
  const Fields lines = FirstLines(head);
  if (lines.empty()) return false;
  if (lines[0] == kCollection || Words(lines[0])[0] == kNoBranches) return true;
  const std::vector<std::string> fields = SplitFields(lines[0]);
  return fields.size() == 8 && IsPlaceKind(fields[0]) && IsPlaceKind(fields[3]);
}

absl::StatusOr<Profile> ReadFdata(ByteStream in, const ReadOptions&) {
  Reader reader;
  RETURN_IF_ERROR(
      ReadLines(std::move(in), reader.profile(),
                [&](absl::string_view line) { return reader.ReadLine(line); }));
  return reader.Finish();
}

}  // namespace relink::profiles
