// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "profiles/perf/memory_name.h"
#include "profiles/pprof/pprof.h"
#include "profiles/pprof/protobuf_fields.h"
#include "profiles/varint.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// Of each table of a message, and of all text.
constexpr size_t kMaxEntries = size_t{1} << 22;
constexpr size_t kMaxText = size_t{256} << 20;

// The fields of the message Profile.
enum ProfileField : uint32_t {
  kSampleType = 1,
  kSample = 2,
  kMapping = 3,
  kLocation = 4,
  kFunction = 5,
  kStringTable = 6,
  kPeriodType = 11,
  kPeriod = 12,
};

// By the numbers of their fields; fields that are not repeated and numbers.
using Numbers = std::vector<uint64_t>;

struct PprofMapping {
  uint64_t start = 0;
  uint64_t file_offset = 0;
  uint64_t file_name = 0;
  uint64_t build_id = 0;
};
struct PprofLocation {
  uint64_t mapping = 0;
  uint64_t address = 0;
  uint64_t function = 0;
};

class Reader {
 public:
  explicit Reader(ByteStream in) : in_(std::move(in)) {}

  absl::StatusOr<Profile> Read() {
    while (true) {
      ASSIGN_OR_RETURN(const ByteView more, in_.Peek(1));
      if (more.size() == 0) break;
      RETURN_IF_ERROR(ReadField());
    }
    if (strings_.empty()) return in_.Malformed("no profile of pprof");
    const absl::Status status = Resolve();
    if (!status.ok()) return Located(status);
    return std::move(profile_);
  }

 private:
  absl::Status Located(const absl::Status& status) const {
    return status.ok() ? status : in_.Error(status.code(), status.message());
  }

  absl::Status ReadField() {
    ASSIGN_OR_RETURN(const uint64_t tag, ReadVarint(in_));
    if ((tag & 7) == static_cast<uint64_t>(WireType::kVarint)) {
      ASSIGN_OR_RETURN(const uint64_t value, ReadVarint(in_));
      if (tag >> 3 == kPeriod) period_ = value;
      return absl::OkStatus();
    }
    if ((tag & 7) != static_cast<uint64_t>(WireType::kBytes)) {
      return in_.Malformed("no profile of pprof");
    }
    ASSIGN_OR_RETURN(const uint64_t size, ReadVarint(in_));
    ASSIGN_OR_RETURN(const ByteView bytes, in_.Need(size));
    RETURN_IF_ERROR(Located(ReadMessage(tag >> 3, bytes)));
    in_.Advance(size);
    return absl::OkStatus();
  }

  absl::Status ReadMessage(uint64_t field, ByteView bytes) {
    switch (field) {
      case kSampleType: {
        ASSIGN_OR_RETURN(const Numbers type, ReadNumbers(bytes, 2));
        types_.push_back(type[1]);
        break;
      }
      case kPeriodType: {
        ASSIGN_OR_RETURN(const Numbers type, ReadNumbers(bytes, 2));
        period_type_ = type[1];
        break;
      }
      case kSample:
        return ReadSample(bytes);
      case kMapping: {
        ASSIGN_OR_RETURN(const Numbers m, ReadNumbers(bytes, 6));
        mappings_[m[1]] = {m[2], m[4], m[5], m[6]};
        break;
      }
      case kLocation:
        return ReadLocation(bytes);
      case kFunction: {
        // The system's name, or else the one for people.
        ASSIGN_OR_RETURN(const Numbers f, ReadNumbers(bytes, 3));
        functions_[f[1]] = f[3] != 0 ? f[3] : f[2];
        break;
      }
      case kStringTable:
        text_size_ += bytes.size();
        strings_.emplace_back(reinterpret_cast<const char*>(bytes.data()),
                              bytes.size());
        break;
      default:
        break;
    }
    const size_t largest =
        std::max({types_.size(), mappings_.size(), locations_.size(),
                  functions_.size(), strings_.size()});
    if (largest > kMaxEntries || text_size_ > kMaxText) {
      return absl::ResourceExhaustedError("too many entries");
    }
    return absl::OkStatus();
  }

  // The fields 1 to `last` of a message that are numbers.
  static absl::StatusOr<Numbers> ReadNumbers(ByteView message, uint32_t last) {
    Numbers numbers(last + 1);
    ProtobufFields fields(message);
    while (true) {
      ASSIGN_OR_RETURN(const auto field, fields.Next());
      if (!field) return numbers;
      if (field->number <= last) numbers[field->number] = field->value;
    }
  }

  absl::Status ReadLocation(ByteView bytes) {
    uint64_t id = 0;
    PprofLocation location;
    ProtobufFields fields(bytes);
    while (true) {
      ASSIGN_OR_RETURN(const auto field, fields.Next());
      if (!field) break;
      if (field->number == 1) id = field->value;
      if (field->number == 2) location.mapping = field->value;
      if (field->number == 3) location.address = field->value;
      if (field->number == 4) {
        // Inlined functions come first; the last one has the code.
        ASSIGN_OR_RETURN(const Numbers line, ReadNumbers(field->bytes, 1));
        location.function = line[1];
      }
    }
    locations_[id] = location;
    return absl::OkStatus();
  }

  absl::Status ReadSample(ByteView bytes) {
    Numbers stack, values;
    ProtobufFields fields(bytes);
    while (true) {
      ASSIGN_OR_RETURN(const auto field, fields.Next());
      if (!field) break;
      if (field->number == 1) RETURN_IF_ERROR(AppendNumbers(*field, stack));
      if (field->number == 2) RETURN_IF_ERROR(AppendNumbers(*field, values));
    }
    if (stack.empty() || values.empty()) return absl::OkStatus();
    // What locations and types are may be said later: until then, a place is
    // the number of a location, and a value is one of two.
    const auto place = [this](uint64_t location) {
      return raw_.AddPlace(Place::At(raw_module_, FileOffset(location)));
    };
    const Count count = {Value(values.front()), Value(values.back())};
    raw_.AddCount(place(stack[0]), count);
    for (size_t i = 1; i < stack.size(); ++i) {
      raw_.AddEdge({i == 1 ? EdgeKind::kCall : EdgeKind::kOuterCall,
                    place(stack[i]), place(stack[i - 1])},
                   count);
    }
    return raw_.CheckSize();
  }

  // Values are signed; differences of profiles have negative ones.
  static uint64_t Value(uint64_t value) { return value >> 63 != 0 ? 0 : value; }

  absl::StatusOr<std::string> String(uint64_t index) const {
    if (index < strings_.size()) return strings_[index];
    return absl::InvalidArgumentError(absl::StrCat("no text ", index));
  }

  struct Found {
    PlaceId place;
    Unattributed kind = Unattributed::kUnknown;
  };

  absl::StatusOr<Found> ResolveLocation(uint64_t id) {
    const auto location = locations_.find(id);
    if (location == locations_.end()) {
      return absl::InvalidArgumentError(absl::StrCat("no location ", id));
    }
    const auto [mapping_id, address, function_id] = location->second;
    const auto mapping = mappings_.find(mapping_id);
    ModuleKey key;
    if (mapping != mappings_.end()) {
      ASSIGN_OR_RETURN(key.path, String(mapping->second.file_name));
      ASSIGN_OR_RETURN(std::string build_id, String(mapping->second.build_id));
      if (IsHex(build_id)) key.build_id = absl::HexStringToBytes(build_id);
      if (absl::StartsWith(key.path, "[kernel")) {
        return Found{{}, Unattributed::kKernel};
      }
      if (!key.path.empty()) {
        if (const auto kind = KindOfMemory(key.path)) return Found{{}, *kind};
      }
    }
    const ModuleId module = profile_.AddModule(key);
    if (key != ModuleKey() && address != 0) {
      const FileOffset offset(address - mapping->second.start +
                              mapping->second.file_offset);
      return Found{profile_.AddPlace(Place::At(module, offset)), {}};
    }
    const auto function = functions_.find(function_id);
    if (function == functions_.end()) return Found();
    ASSIGN_OR_RETURN(const std::string name, String(function->second));
    if (const auto kind = FindFrameName(name)) return Found{{}, *kind};
    return Found{
        profile_.AddPlace(Place::In(module, profile_.AddName(name), 0)), {}};
  }

  static bool IsHex(absl::string_view text) {
    return text.size() % 2 == 0 &&
           std::all_of(text.begin(), text.end(), [](char c) {
             return absl::ascii_isxdigit(static_cast<unsigned char>(c));
           });
  }

  absl::Status Resolve() {
    std::vector<std::string> types;
    for (const uint64_t type : types_) {
      ASSIGN_OR_RETURN(types.emplace_back(), String(type));
    }
    std::vector<Found> found(raw_.place_count());
    Count total;
    for (uint32_t i = 0; i < found.size(); ++i) {
      ASSIGN_OR_RETURN(found[i],
                       ResolveLocation(raw_.place(PlaceId(i)).offset));
      const Count& count = raw_.count(PlaceId(i));
      total += count;
      if (found[i].place.has_value()) {
        profile_.AddCount(found[i].place, count);
      } else {
        profile_.AddUnattributed(found[i].kind, count);
      }
    }
    for (const EdgeKind kind : {EdgeKind::kCall, EdgeKind::kOuterCall}) {
      for (const auto& [edge, count] : raw_.EdgesOf(kind)) {
        const PlaceId from = found[edge.from.index()].place;
        const PlaceId to = found[edge.to.index()].place;
        if (!from.has_value() || !to.has_value()) continue;
        profile_.AddEdge({kind, from, to}, count);
      }
    }
    ASSIGN_OR_RETURN(const std::string event, String(period_type_));
    profile_.AddSource(
        {.format = "pprof",
         .event = event.empty() && !types.empty() ? types.back() : event,
         .period = period_},
        total);
    return absl::OkStatus();
  }

  ByteStream in_;
  std::vector<uint64_t> types_;
  absl::flat_hash_map<uint64_t, PprofMapping> mappings_;
  absl::flat_hash_map<uint64_t, PprofLocation> locations_;
  absl::flat_hash_map<uint64_t, uint64_t> functions_;  // Their names.
  std::vector<std::string> strings_;
  size_t text_size_ = 0;
  uint64_t period_type_ = 0;
  uint64_t period_ = 0;
  Profile raw_;  // Its places are numbers of locations.
  ModuleId raw_module_ = raw_.AddModule({});
  Profile profile_;
};

}  // namespace

bool IsPprof(ByteView head) {
  // All that pprof's libraries write begins with the field sample_type, and in
  // it with its type or its unit.
  if (head.size() < 4) return false;
  const auto byte = [head](size_t i) {
    return std::to_integer<uint8_t>(head.data()[i]);
  };
  return byte(0) == 0x0a && byte(1) >= 2 && byte(1) <= 22 &&
         (byte(2) == 0x08 || byte(2) == 0x10);
}

absl::StatusOr<Profile> ReadPprof(ByteStream in, const ReadOptions&) {
  return Reader(std::move(in)).Read();
}

}  // namespace relink::profiles
