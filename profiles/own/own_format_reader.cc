// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "profiles/decompress.h"
#include "profiles/own/own_format.h"
#include "profiles/varint.h"
#include "relink/support/byte_order.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

constexpr size_t kMaxText = size_t{1} << 20;

// The payload, part after part.
class Reader {
 public:
  explicit Reader(ByteStream in) : in_(std::move(in)) {}

  absl::StatusOr<Profile> Read() {
    RETURN_IF_ERROR(ReadSources());
    RETURN_IF_ERROR(ReadUnattributed());
    RETURN_IF_ERROR(ReadModules());
    RETURN_IF_ERROR(ReadNames());
    RETURN_IF_ERROR(ReadPlaces());
    RETURN_IF_ERROR(ReadEdges());
    ASSIGN_OR_RETURN(const ByteView rest, in_.Peek(1));
    if (rest.size() != 0) return in_.Malformed("bytes after the end");
    return std::move(profile_);
  }

 private:
  absl::StatusOr<Count> ReadCount() {
    Count count;
    ASSIGN_OR_RETURN(count.samples, ReadVarint(in_));
    ASSIGN_OR_RETURN(count.weight, ReadVarint(in_));
    return count;
  }

  // A number below `end`.
  absl::StatusOr<uint32_t> ReadIndex(uint64_t end, absl::string_view what) {
    ASSIGN_OR_RETURN(const uint64_t index, ReadVarint(in_));
    if (index < end) return static_cast<uint32_t>(index);
    return in_.Malformed(absl::StrCat("no ", what, " ", index));
  }

  // Of all that a reader adds to.
  size_t Size() const {
    return profile_.sources().size() + kinds_ + profile_.modules().size() +
           profile_.name_count() + profile_.place_count() +
           profile_.edge_count();
  }

  // Calls `read`, which adds an entry, as often as the number that stands here
  // says.
  template <typename ReadOne>
  absl::Status Repeat(ReadOne read) {
    ASSIGN_OR_RETURN(const uint64_t count, ReadVarint(in_));
    return Repeat(count, read);
  }

  template <typename ReadOne>
  absl::Status Repeat(uint64_t count, ReadOne read) {
    for (uint64_t i = 0; i < count; ++i) {
      const size_t known = Size();
      RETURN_IF_ERROR(read());
      // What is said again and again would take no room in a packed file.
      if (Size() == known)
        return in_.Malformed("an entry that is there already");
      const absl::Status size = profile_.CheckSize();
      if (!size.ok()) return in_.Error(size.code(), size.message());
    }
    return absl::OkStatus();
  }

  absl::Status ReadSources() {
    return Repeat([this]() -> absl::Status {
      Source source;
      ASSIGN_OR_RETURN(source.format, ReadString(in_, kMaxText));
      ASSIGN_OR_RETURN(source.event, ReadString(in_, kMaxText));
      ASSIGN_OR_RETURN(source.period, ReadVarint(in_));
      ASSIGN_OR_RETURN(source.frequency, ReadVarint(in_));
      ASSIGN_OR_RETURN(const Count count, ReadCount());
      profile_.AddSource(source, count);
      return absl::OkStatus();
    });
  }

  absl::Status ReadUnattributed() {
    return Repeat([this]() -> absl::Status {
      ASSIGN_OR_RETURN(const uint32_t kind,
                       ReadIndex(kUnattributedKinds, "kind of samples"));
      if (kind < kinds_) return in_.Malformed("kinds of samples out of order");
      kinds_ = kind + 1;
      ASSIGN_OR_RETURN(const Count count, ReadCount());
      profile_.AddUnattributed(static_cast<Unattributed>(kind), count);
      return absl::OkStatus();
    });
  }

  absl::Status ReadModules() {
    return Repeat([this]() -> absl::Status {
      ModuleKey key;
      ASSIGN_OR_RETURN(key.build_id, ReadString(in_, kMaxText));
      ASSIGN_OR_RETURN(key.path, ReadString(in_, kMaxText));
      ASSIGN_OR_RETURN(key.size, ReadVarint(in_));
      modules_.push_back(profile_.AddModule(key));
      return profile_.CheckSize();
    });
  }

  absl::Status ReadNames() {
    return Repeat([this]() -> absl::Status {
      ASSIGN_OR_RETURN(const std::string name, ReadString(in_, kMaxText));
      names_.push_back(profile_.AddName(name));
      return absl::OkStatus();
    });
  }

  absl::Status ReadPlaces() {
    // What a file claims to have is not what it has.
    constexpr uint64_t kMaxReserved = uint64_t{1} << 18;
    ASSIGN_OR_RETURN(const uint64_t entries, ReadVarint(in_));
    profile_.ReservePlaces(std::min(entries, kMaxReserved));
    return Repeat(entries, [this]() -> absl::Status {
      Place place;
      ASSIGN_OR_RETURN(const uint32_t module,
                       ReadIndex(modules_.size(), "module"));
      place.module = modules_[module];
      ASSIGN_OR_RETURN(const uint32_t kind, ReadIndex(3, "kind of place"));
      place.kind = static_cast<PlaceKind>(kind);
      if (place.kind == PlaceKind::kSymbol) {
        ASSIGN_OR_RETURN(const uint32_t name, ReadIndex(names_.size(), "name"));
        place.name = names_[name];
      }
      ASSIGN_OR_RETURN(const uint64_t distance, ReadVarint(in_));
      const bool same_base = place.module == last_.module &&
                             place.kind == last_.kind &&
                             place.name == last_.name;
      place.offset = same_base ? last_.offset + distance : distance;
      last_ = place;
      places_.push_back(profile_.AddPlace(place));
      ASSIGN_OR_RETURN(const Count count, ReadCount());
      profile_.AddCount(places_.back(), count);
      return absl::OkStatus();
    });
  }

  absl::Status ReadEdges() {
    return Repeat([this]() -> absl::Status {
      ASSIGN_OR_RETURN(const uint32_t kind,
                       ReadIndex(kEdgeKinds, "kind of edge"));
      ASSIGN_OR_RETURN(const uint32_t from, ReadIndex(places_.size(), "place"));
      ASSIGN_OR_RETURN(const uint32_t to, ReadIndex(places_.size(), "place"));
      ASSIGN_OR_RETURN(const Count count, ReadCount());
      profile_.AddEdge(
          {static_cast<EdgeKind>(kind), places_[from], places_[to]}, count);
      return absl::OkStatus();
    });
  }

  ByteStream in_;
  Profile profile_;
  uint32_t kinds_ = 0;  // Of samples that are not attributed, as far as read.
  std::vector<ModuleId> modules_;
  std::vector<NameId> names_;
  std::vector<PlaceId> places_;
  Place last_;
};

}  // namespace

bool IsOwnFormat(ByteView head) {
  return head.size() >= kOwnMagic.size() &&
         std::memcmp(head.data(), kOwnMagic.data(), kOwnMagic.size()) == 0;
}

absl::StatusOr<Profile> ReadOwnFormat(ByteStream in, const ReadOptions&) {
  ASSIGN_OR_RETURN(const ByteView head, in.Need(kOwnMagic.size() + 4));
  if (!IsOwnFormat(head)) return in.Malformed("no profile of Relink");
  const uint32_t version = **head.Record<Le<uint32_t>>(kOwnMagic.size());
  if (version != kOwnVersion) {
    return in.Error(absl::StatusCode::kUnimplemented,
                    absl::StrCat("version ", version, " of the format"));
  }
  in.Advance(head.size());
  std::string name = in.name();
  return Reader(ByteStream(std::move(name), Unzstd(std::move(in)))).Read();
}

}  // namespace relink::profiles
