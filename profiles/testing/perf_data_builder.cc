// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/testing/perf_data_builder.h"

#include <zstd.h>

#include <algorithm>
#include <cstring>

namespace relink::profiles {
namespace {

// Of the event with the number 0; the others follow.
constexpr uint64_t kFirstId = 100;
constexpr uint64_t kPeriod = 1000;
constexpr uint32_t kAttrSize = 80;

template <typename T>
std::string Bytes(const T& value) {
  static_assert(OnDisk<T>);
  return std::string(reinterpret_cast<const char*>(&value), sizeof(value));
}
template <std::endian kOrder>
std::string Word(uint64_t value) {
  return Bytes(U64<kOrder>(value));
}

std::string PaddedName(const std::string& name) {
  std::string padded = name;
  padded.resize(name.size() / 8 * 8 + 8);
  return padded;
}

}  // namespace

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::Record(uint32_t type, uint16_t misc,
                                     const std::string& contents) {
  PerfRecordHeader<kOrder> header;
  header.type = type;
  header.misc = misc;
  header.size = static_cast<uint16_t>(sizeof(header) + contents.size());
  records_ += Bytes(header) + contents;
}

template <std::endian kOrder>
std::string PerfDataBuilder<kOrder>::SampleId(uint32_t pid,
                                              uint64_t time) const {
  std::string fields;
  if ((sample_type_ & kPerfSampleTid) != 0) {
    fields += Bytes(U32<kOrder>(pid)) + Bytes(U32<kOrder>(pid));
  }
  if ((sample_type_ & kPerfSampleTime) != 0) fields += Word<kOrder>(time);
  if ((sample_type_ & kPerfSampleIdentifier) != 0) {
    fields += Word<kOrder>(kFirstId);
  }
  return fields;
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::Mmap(const Mapping& mapping) {
  PerfMmap2<kOrder> fixed = {};
  fixed.pid = mapping.pid;
  fixed.tid = mapping.pid;
  fixed.addr = mapping.begin;
  fixed.len = mapping.size;
  fixed.pgoff = mapping.file_offset;
  fixed.build_id_size = static_cast<uint8_t>(mapping.build_id.size());
  std::memcpy(fixed.build_id, mapping.build_id.data(),
              std::min<size_t>(mapping.build_id.size(), 20));
  const bool has_id = !mapping.build_id.empty();
  const auto user = static_cast<uint16_t>(CpuMode::kUser);
  Record(kPerfRecordMmap2,
         static_cast<uint16_t>(user | (has_id ? kPerfMiscMmapBuildId : 0)),
         Bytes(fixed) + PaddedName(mapping.name) +
             SampleId(mapping.pid, mapping.time));
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::Fork(uint32_t pid, uint32_t parent,
                                   uint64_t time) {
  PerfTask<kOrder> task = {pid, parent, pid, parent, time};
  Record(kPerfRecordFork, 0, Bytes(task) + SampleId(parent, time));
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::Exit(uint32_t pid, uint64_t time) {
  PerfTask<kOrder> task = {pid, pid, pid, pid, time};
  Record(kPerfRecordExit, 0, Bytes(task) + SampleId(pid, time));
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::Exec(uint32_t pid, uint64_t time) {
  const PerfComm<kOrder> comm = {pid, pid};
  Record(kPerfRecordComm, kPerfMiscCommExec,
         Bytes(comm) + PaddedName("name") + SampleId(pid, time));
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::Lost(uint64_t count, uint64_t time) {
  Record(kPerfRecordLost, 0,
         Word<kOrder>(kFirstId) + Word<kOrder>(count) + SampleId(0, time));
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::FinishRound() {
  Record(kPerfRecordFinishedRound, 0, "");
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::Sample(const SampleFields& sample) {
  const auto has = [this](uint64_t bit) { return (sample_type_ & bit) != 0; };
  std::string fields;
  if (has(kPerfSampleIdentifier)) {
    fields += Word<kOrder>(kFirstId + sample.event);
  }
  if (has(kPerfSampleIp)) fields += Word<kOrder>(sample.ip);
  if (has(kPerfSampleTid)) {
    fields += Bytes(U32<kOrder>(sample.pid)) + Bytes(U32<kOrder>(sample.pid));
  }
  if (has(kPerfSampleTime)) fields += Word<kOrder>(sample.time);
  if (has(kPerfSamplePeriod)) fields += Word<kOrder>(sample.period);
  if (has(kPerfSampleCallchain)) {
    fields += Word<kOrder>(sample.callchain.size());
    for (const uint64_t frame : sample.callchain) fields += Word<kOrder>(frame);
  }
  if (has(kPerfSampleBranchStack)) {
    fields += Word<kOrder>(sample.branches.size());
    for (const auto& [from, to] : sample.branches) {
      fields += Word<kOrder>(from) + Word<kOrder>(to) + Word<kOrder>(0);
    }
  }
  Record(kPerfRecordSample, static_cast<uint16_t>(sample.mode), fields);
}

template <std::endian kOrder>
void PerfDataBuilder<kOrder>::BuildId(const std::string& name,
                                      const std::string& build_id) {
  PerfBuildId<kOrder> fixed = {};
  fixed.size = static_cast<uint8_t>(build_id.size());
  std::memcpy(fixed.build_id, build_id.data(),
              std::min<size_t>(build_id.size(), 20));
  const std::string padded = PaddedName(name);
  PerfRecordHeader<kOrder> header;
  header.type = 0;
  header.misc = kPerfMiscBuildIdSize | static_cast<uint16_t>(CpuMode::kUser);
  header.size =
      static_cast<uint16_t>(sizeof(header) + sizeof(fixed) + padded.size());
  build_ids_ += Bytes(header) + Bytes(fixed) + padded;
}

template <std::endian kOrder>
std::string PerfDataBuilder<kOrder>::Attr(uint32_t number) const {
  PerfAttr<kOrder> attr = {};
  attr.type = 1;  // PERF_TYPE_SOFTWARE, and then the number.
  attr.size = kAttrSize;
  attr.config = number;
  attr.sample_period = kPeriod;
  attr.sample_type = sample_type_;
  // sample_id_all: the third bit of the third byte.
  attr.flags[2] = kOrder == std::endian::little ? 0x04 : 0x20;
  return Bytes(attr);
}

template <std::endian kOrder>
std::string PerfDataBuilder<kOrder>::FileWith(const std::string& data) const {
  using Section = PerfSection<kOrder>;
  PerfFileHeader<kOrder> header = {};
  std::memcpy(
      &header.magic,
      (kOrder == std::endian::little ? kPerfMagicLittle : kPerfMagicBig).data(),
      sizeof(header.magic));
  header.size = sizeof(header);
  header.attr_size = kAttrSize + sizeof(Section);
  const uint64_t ids_at = sizeof(header);
  std::string ids, attrs;
  for (uint32_t i = 0; i < event_count_; ++i) {
    const Section section = {ids_at + ids.size(), 8};
    attrs += Attr(i) + Bytes(section);
    ids += Word<kOrder>(kFirstId + i);
  }
  header.attrs = {ids_at + ids.size(), attrs.size()};
  const uint64_t data_at = ids_at + ids.size() + attrs.size();
  header.data = {data_at, data.size()};
  std::string features;
  if (!build_ids_.empty()) {
    header.adds_features[0] = uint64_t{1} << kPerfFeatureBuildId;
    const Section section = {data_at + data.size() + sizeof(Section),
                             build_ids_.size()};
    features = Bytes(section) + build_ids_;
  }
  return Bytes(header) + ids + attrs + data + features;
}

template <std::endian kOrder>
std::string PerfDataBuilder<kOrder>::CompressedFile() const {
  std::string packed(ZSTD_compressBound(records_.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), records_.data(),
                              records_.size(), 1));
  // Cut anywhere, as perf does.
  PerfDataBuilder outer(sample_type_, event_count_);
  outer.build_ids_ = build_ids_;
  constexpr size_t kPart = 100;
  for (size_t at = 0; at < packed.size(); at += kPart) {
    outer.Record(kPerfRecordCompressed, 0, packed.substr(at, kPart));
  }
  return outer.File();
}

template <std::endian kOrder>
std::string PerfDataBuilder<kOrder>::Pipe() const {
  PerfPipeHeader<kOrder> header;
  std::memcpy(
      &header.magic,
      (kOrder == std::endian::little ? kPerfMagicLittle : kPerfMagicBig).data(),
      sizeof(header.magic));
  header.size = sizeof(header);
  PerfDataBuilder head;
  for (uint32_t i = 0; i < event_count_; ++i) {
    head.Record(kPerfRecordHeaderAttr, 0, Attr(i) + Word<kOrder>(kFirstId + i));
  }
  // There, it has a type.
  std::string build_ids = build_ids_;
  if (!build_ids.empty()) {
    const U32<kOrder> type = kPerfRecordBuildId;
    std::memcpy(build_ids.data(), &type, sizeof(type));
  }
  return Bytes(header) + head.records() + build_ids + records_;
}

template class PerfDataBuilder<std::endian::little>;
template class PerfDataBuilder<std::endian::big>;

}  // namespace relink::profiles
