// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/perf_data_reader.h"

#include <bit>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "profiles/perf/perf_records.h"
#include "profiles/perf/perf_session.h"
#include "relink/support/address.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

bool BeginsWith(ByteView head, absl::string_view magic) {
  return head.size() >= magic.size() &&
         std::memcmp(head.data(), magic.data(), magic.size()) == 0;
}

// Section after section.
template <std::endian kOrder>
class Reader {
 public:
  Reader(ByteStream in, const ReadOptions& options)
      : in_(std::move(in)), session_(options) {}

  absl::StatusOr<Profile> Read() {
    ASSIGN_OR_RETURN(const ByteView head, in_.Need(sizeof(PipeHeader)));
    const uint64_t size = (**head.Record<PipeHeader>(0)).size;
    if (size == sizeof(PipeHeader)) {
      in_.Advance(size);
      RETURN_IF_ERROR(ReadRecords(std::nullopt));
    } else if (size >= sizeof(FileHeader)) {
      RETURN_IF_ERROR(ReadFile());
    } else {
      return in_.Malformed(absl::StrCat("a header of ", size, " bytes"));
    }
    absl::StatusOr<Profile> profile = session_.Finish();
    if (!profile.ok()) return Located(profile.status());
    return profile;
  }

 private:
  using PipeHeader = PerfPipeHeader<kOrder>;
  using FileHeader = PerfFileHeader<kOrder>;
  using Section = PerfSection<kOrder>;
  using RecordHeader = PerfRecordHeader<kOrder>;

  absl::Status Located(const absl::Status& status) const {
    return status.ok() ? status : in_.Error(status.code(), status.message());
  }

  absl::Status ReadFile() {
    ASSIGN_OR_RETURN(const ByteView head, in_.Need(sizeof(FileHeader)));
    const FileHeader header = **head.Record<FileHeader>(0);
    ASSIGN_OR_RETURN(const ByteView before, in_.Need(header.data.offset));
    RETURN_IF_ERROR(ReadEvents(header, before));
    in_.Advance(header.data.offset);
    // A recorder that was killed has not written the size.
    const bool finished = header.data.size != 0;
    RETURN_IF_ERROR(ReadRecords(header.data.size));
    return finished ? ReadFeatures(header) : absl::OkStatus();
  }

  // The events, and their ids, in what stands before the data.
  absl::Status ReadEvents(const FileHeader& header, ByteView before) {
    const uint64_t size = header.attr_size;
    if (size < kPerfAttrSizeVersion0 + sizeof(Section)) {
      return in_.Malformed(absl::StrCat("attributes of ", size, " bytes"));
    }
    const auto attrs = before.Slice(header.attrs.offset, header.attrs.size);
    if (!attrs.ok()) {
      return in_.Error(absl::StatusCode::kUnimplemented,
                       "attributes that do not stand before the data");
    }
    for (uint64_t at = 0; attrs->Contains(at, size); at += size) {
      const ByteView attr = *attrs->Slice(at, size - sizeof(Section));
      const Section& section =
          **attrs->template Record<Section>(at + size - sizeof(Section));
      const auto ids =
          before.Records<U64<kOrder>>(section.offset, section.size / 8);
      if (!ids.ok()) {
        return in_.Error(absl::StatusCode::kUnimplemented,
                         "ids that do not stand before the data");
      }
      RETURN_IF_ERROR(Located(session_.events().template Add<kOrder>(
          attr, {ids->begin(), ids->end()})));
    }
    return absl::OkStatus();
  }

  // `size` bytes of records. All that there are if it is 0, then the last may
  // be cut off, or if it is not known, as in a pipe.
  absl::Status ReadRecords(std::optional<uint64_t> size) {
    const uint64_t end =
        size.value_or(0) == 0 ? UINT64_MAX : in_.offset() + *size;
    while (in_.offset() < end) {
      ASSIGN_OR_RETURN(const ByteView head, in_.Peek(sizeof(RecordHeader)));
      if (head.size() == 0 && end == UINT64_MAX) break;
      const auto header = head.Record<RecordHeader>(0);
      const uint64_t record_size = header.ok() ? uint16_t{(*header)->size} : 0u;
      if (header.ok() && record_size < sizeof(RecordHeader)) {
        return in_.Malformed(
            absl::StrCat("a record of ", record_size, " bytes"));
      }
      ASSIGN_OR_RETURN(const ByteView record, in_.Peek(record_size));
      if (!header.ok() || record.size() < record_size) {
        if (size == 0u) break;
        return in_.Error(absl::StatusCode::kOutOfRange, "ends in a record");
      }
      if (record_size > end - in_.offset()) {
        return in_.Malformed("a record goes past the end of the data");
      }
      RETURN_IF_ERROR(Located(session_.Process(record)));
      const uint64_t following = SizeOfWhatFollows(record);
      in_.Advance(record_size);
      RETURN_IF_ERROR(in_.Skip(following));
    }
    return absl::OkStatus();
  }

  // Of data that is no record but stands after one.
  static uint64_t SizeOfWhatFollows(ByteView record) {
    const uint32_t type = (**record.Record<RecordHeader>(0)).type;
    if (type == kPerfRecordAuxtrace) {
      const auto size = record.Record<U64<kOrder>>(sizeof(RecordHeader));
      return size.ok() ? uint64_t{**size} : 0;
    }
    if (type == kPerfRecordTracingData) {
      const auto size = record.Record<U32<kOrder>>(sizeof(RecordHeader));
      return size.ok() ? AlignUp(**size, 8) : 0;
    }
    return 0;
  }

  // A section for each feature, in the order of the bits; only that of
  // build-ids is read.
  absl::Status ReadFeatures(const FileHeader& header) {
    const uint64_t first = header.adds_features[0];
    if ((first >> kPerfFeatureBuildId & 1) == 0) return absl::OkStatus();
    const auto before = static_cast<uint64_t>(
        std::popcount(first & ((uint64_t{1} << kPerfFeatureBuildId) - 1)));
    RETURN_IF_ERROR(in_.Skip(before * sizeof(Section)));
    ASSIGN_OR_RETURN(const ByteView bytes, in_.Need(sizeof(Section)));
    const Section section = **bytes.Record<Section>(0);
    if (section.offset < in_.offset()) {
      return in_.Malformed("build-ids that do not stand after the data");
    }
    RETURN_IF_ERROR(in_.Skip(section.offset - in_.offset()));
    const uint64_t end = section.offset + section.size;
    while (in_.offset() < end) {
      ASSIGN_OR_RETURN(const ByteView head, in_.Need(sizeof(RecordHeader)));
      const uint64_t size = (**head.Record<RecordHeader>(0)).size;
      if (size < sizeof(RecordHeader)) {
        return in_.Malformed(absl::StrCat("a build-id of ", size, " bytes"));
      }
      ASSIGN_OR_RETURN(const ByteView record, in_.Need(size));
      RETURN_IF_ERROR(Located(session_.AddBuildId(record)));
      in_.Advance(size);
    }
    return absl::OkStatus();
  }

  ByteStream in_;
  PerfSession<kOrder> session_;
};

}  // namespace

bool IsPerfData(ByteView head) {
  return BeginsWith(head, kPerfMagicLittle) || BeginsWith(head, kPerfMagicBig);
}

absl::StatusOr<Profile> ReadPerfData(ByteStream in,
                                     const ReadOptions& options) {
  ASSIGN_OR_RETURN(const ByteView head, in.Need(kPerfMagicLittle.size()));
  if (BeginsWith(head, kPerfMagicLittle)) {
    return Reader<std::endian::little>(std::move(in), options).Read();
  }
  if (BeginsWith(head, kPerfMagicBig)) {
    return Reader<std::endian::big>(std::move(in), options).Read();
  }
  return in.Malformed("no recording of perf");
}

}  // namespace relink::profiles
