// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <zlib.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "profiles/pprof/pprof.h"
#include "profiles/pprof/protobuf_fields.h"
#include "profiles/varint.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

void AppendTag(uint32_t number, WireType type, std::string& text) {
  AppendVarint(uint64_t{number} << 3 | static_cast<uint64_t>(type), text);
}

void AppendNumber(uint32_t number, uint64_t value, std::string& text) {
  if (value == 0) return;
  AppendTag(number, WireType::kVarint, text);
  AppendVarint(value, text);
}

void AppendBytes(uint32_t number, absl::string_view bytes, std::string& text) {
  AppendTag(number, WireType::kBytes, text);
  AppendString(bytes, text);
}

// The number of the field, and of the fields in it, are those of profile.proto.
class Writer {
 public:
  Writer(const Profile& profile, const FunctionTable& table)
      : profile_(profile), table_(table) {
    String("");
  }

  std::string Write() {
    WriteTypes();
    WriteSamples();
    WriteUnattributed();
    WriteMappings();
    for (const std::string& text : strings_) AppendBytes(6, text, message_);
    return std::move(message_);
  }

 private:
  uint64_t String(absl::string_view text) {
    const auto [it, added] = string_ids_.try_emplace(text, strings_.size());
    if (added) strings_.emplace_back(text);
    return it->second;
  }

  std::string ValueType(absl::string_view type, absl::string_view unit) {
    std::string value;
    AppendNumber(1, String(type), value);
    AppendNumber(2, String(unit), value);
    return value;
  }

  void WriteTypes() {
    absl::string_view event = "weight";
    uint64_t period = 0;
    if (!profile_.sources().empty()) {
      const Source& source = profile_.sources().begin()->first;
      if (!source.event.empty()) event = source.event;
      period = source.period;
    }
    AppendBytes(1, ValueType("samples", "count"), message_);
    AppendBytes(1, ValueType(event, "count"), message_);
    AppendBytes(11, ValueType(event, "count"), message_);
    AppendNumber(12, period, message_);
  }

  void WriteSample(const std::vector<uint64_t>& stack, const Count& count) {
    std::string locations, values, sample;
    for (const uint64_t location : stack) AppendVarint(location, locations);
    AppendVarint(count.samples, values);
    AppendVarint(count.weight, values);
    AppendBytes(1, locations, sample);
    AppendBytes(2, values, sample);
    AppendBytes(2, sample, message_);
  }

  void WriteSamples() {
    std::vector<Count> called(profile_.place_count());
    for (const auto& [edge, count] : profile_.EdgesOf(EdgeKind::kCall)) {
      called[edge.to.index()] += count;
      WriteSample({Location(edge.to), Location(edge.from)}, count);
    }
    for (const PlaceId id : profile_.SortedPlaces()) {
      const Count& all = profile_.count(id);
      const Count& known = called[id.index()];
      const Count rest = {
          all.samples > known.samples ? all.samples - known.samples : 0,
          all.weight > known.weight ? all.weight - known.weight : 0};
      if (rest != Count()) WriteSample({Location(id)}, rest);
    }
  }

  void WriteUnattributed() {
    for (int i = 0; i < kUnattributedKinds; ++i) {
      const auto kind = static_cast<Unattributed>(i);
      const Count& count = profile_.unattributed(kind);
      if (kind == Unattributed::kLost || count == Count()) continue;
      WriteSample({NewLocation(0, 0, FrameName(kind))}, count);
    }
  }

  uint64_t Location(PlaceId id) {
    uint64_t& location = locations_[id.index()];
    if (location != 0) return location;
    const Place& place = profile_.place(id);
    const ProfiledFunction& function =
        table_.functions()[table_.FunctionOf(id)];
    const bool has_address = !place.name.has_value();
    location =
        NewLocation(has_address || profile_.module(place.module) != ModuleKey()
                        ? place.module.index() + 1
                        : 0,
                    has_address ? place.offset : 0, function.name);
    return location;
  }

  uint64_t NewLocation(uint64_t mapping, uint64_t address,
                       const std::string& function) {
    std::string location;
    AppendNumber(1, ++last_location_, location);
    AppendNumber(2, mapping, location);
    AppendNumber(3, address, location);
    if (!function.empty()) {
      std::string line;
      AppendNumber(1, Function(function), line);
      AppendBytes(4, line, location);
    }
    AppendBytes(4, location, message_);
    return last_location_;
  }

  uint64_t Function(const std::string& name) {
    const auto [it, added] =
        functions_.try_emplace(name, functions_.size() + 1);
    if (added) {
      std::string function;
      AppendNumber(1, it->second, function);
      AppendNumber(2, String(name), function);
      AppendNumber(3, String(name), function);
      AppendBytes(5, function, message_);
    }
    return it->second;
  }

  // As if each file was mapped as a whole from 0 on: addresses are its offsets.
  void WriteMappings() {
    for (uint32_t i = 0; i < profile_.modules().size(); ++i) {
      const ModuleKey& key = profile_.module(ModuleId(i));
      std::string mapping;
      AppendNumber(1, i + 1, mapping);
      AppendNumber(3, INT64_MAX, mapping);
      AppendNumber(5, String(key.path), mapping);
      AppendNumber(6, String(absl::BytesToHexString(key.build_id)), mapping);
      AppendBytes(3, mapping, message_);
    }
  }

  const Profile& profile_;
  const FunctionTable& table_;
  std::string message_;
  std::vector<std::string> strings_;
  absl::flat_hash_map<std::string, uint64_t> string_ids_;
  absl::flat_hash_map<std::string, uint64_t> functions_;
  absl::flat_hash_map<uint32_t, uint64_t> locations_;  // By place.
  uint64_t last_location_ = 0;
};

absl::StatusOr<std::string> Gzip(std::string text) {
  z_stream state = {};
  // 16 + 15: a gzip header, and the largest window.
  if (deflateInit2(&state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + 15, 8,
                   Z_DEFAULT_STRATEGY) != Z_OK) {
    return absl::ResourceExhaustedError("no memory for zlib");
  }
  std::string packed(deflateBound(&state, text.size()), '\0');
  state.next_in = reinterpret_cast<Bytef*>(text.data());
  state.avail_in = static_cast<uInt>(text.size());
  state.next_out = reinterpret_cast<Bytef*>(packed.data());
  state.avail_out = static_cast<uInt>(packed.size());
  const int result = deflate(&state, Z_FINISH);
  packed.resize(state.total_out);
  deflateEnd(&state);
  if (result == Z_STREAM_END) return packed;
  return absl::ResourceExhaustedError("too large for one gzip file");
}

}  // namespace

absl::Status WritePprof(const Profile& profile, const SymbolSource& symbols,
                        std::ostream& out) {
  const FunctionTable table(profile, symbols);
  ASSIGN_OR_RETURN(const std::string packed,
                   Gzip(Writer(profile, table).Write()));
  out << packed;
  return absl::OkStatus();
}

}  // namespace relink::profiles
