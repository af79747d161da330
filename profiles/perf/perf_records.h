// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_PERF_RECORDS_H_
#define RELINK_PROFILES_PERF_PERF_RECORDS_H_

#include <bit>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "relink/support/byte_order.h"

// What perf.data is made of, as it lies in the file, for both byte orders. From
// <linux/perf_event.h>, and from the kernel's tools/perf/util/header.h and
// tools/lib/perf/include/perf/event.h; described in
// tools/perf/Documentation/perf.data-file-format.txt.
namespace relink::profiles {

inline constexpr absl::string_view kPerfMagicLittle = "PERFILE2";
inline constexpr absl::string_view kPerfMagicBig = "2ELIFREP";

template <std::endian kOrder>
using U16 = Packed<uint16_t, kOrder>;
template <std::endian kOrder>
using U32 = Packed<uint32_t, kOrder>;
template <std::endian kOrder>
using U64 = Packed<uint64_t, kOrder>;

// perf_file_section
template <std::endian kOrder>
struct PerfSection {
  U64<kOrder> offset;
  U64<kOrder> size;
};

// perf_pipe_file_header: all of a stream's header, and the beginning of a
// file's.
template <std::endian kOrder>
struct PerfPipeHeader {
  U64<kOrder> magic;
  U64<kOrder> size;
};

// perf_file_header
template <std::endian kOrder>
struct PerfFileHeader {
  U64<kOrder> magic;
  U64<kOrder> size;
  U64<kOrder> attr_size;  // Of perf_event_attr and a section of its ids.
  PerfSection<kOrder> attrs;
  PerfSection<kOrder> data;
  PerfSection<kOrder> event_types;
  U64<kOrder> adds_features[4];
};
static_assert(sizeof(PerfFileHeader<std::endian::little>) == 104);

inline constexpr int kPerfFeatureBuildId = 2;  // HEADER_BUILD_ID

// perf_event_attr, as far as it is read: PERF_ATTR_SIZE_VER2.
template <std::endian kOrder>
struct PerfAttr {
  U32<kOrder> type;
  U32<kOrder> size;
  U64<kOrder> config;
  U64<kOrder> sample_period;  // Or sample_freq.
  U64<kOrder> sample_type;
  U64<kOrder> read_format;
  // Bit fields: the first is the lowest bit of the first byte, or in big-endian
  // files the highest.
  uint8_t flags[8];
  U32<kOrder> wakeup_events;
  U32<kOrder> bp_type;
  U64<kOrder> config1;
  U64<kOrder> config2;
  U64<kOrder> branch_sample_type;
};
inline constexpr uint32_t kPerfAttrSizeVersion0 = 64;
static_assert(sizeof(PerfAttr<std::endian::little>) == 80);

inline constexpr int kPerfAttrFreq = 10;
inline constexpr int kPerfAttrSampleIdAll = 18;

// perf_event_header
template <std::endian kOrder>
struct PerfRecordHeader {
  U32<kOrder> type;
  U16<kOrder> misc;
  U16<kOrder> size;
};

// enum perf_event_type and perf_user_event_type; those that are not here are
// passed over.
inline constexpr uint32_t kPerfRecordMmap = 1;
inline constexpr uint32_t kPerfRecordLost = 2;
inline constexpr uint32_t kPerfRecordComm = 3;
inline constexpr uint32_t kPerfRecordExit = 4;
inline constexpr uint32_t kPerfRecordFork = 7;
inline constexpr uint32_t kPerfRecordSample = 9;
inline constexpr uint32_t kPerfRecordMmap2 = 10;
inline constexpr uint32_t kPerfRecordLostSamples = 13;
inline constexpr uint32_t kPerfRecordUserTypeStart = 64;
inline constexpr uint32_t kPerfRecordHeaderAttr = 64;
inline constexpr uint32_t kPerfRecordTracingData = 66;
inline constexpr uint32_t kPerfRecordBuildId = 67;
inline constexpr uint32_t kPerfRecordFinishedRound = 68;
inline constexpr uint32_t kPerfRecordAuxtrace = 71;
inline constexpr uint32_t kPerfRecordCompressed = 81;
inline constexpr uint32_t kPerfRecordCompressed2 = 83;

// perf_event_header::misc
inline constexpr uint16_t kPerfMiscCpuMode = 7;
enum class CpuMode : uint8_t {
  kUnknown = 0,
  kKernel = 1,
  kUser = 2,
  kHypervisor = 3,
  kGuestKernel = 4,
  kGuestUser = 5,
};
inline constexpr uint16_t kPerfMiscCommExec = 1 << 13;
inline constexpr uint16_t kPerfMiscForkExec = 1 << 13;
inline constexpr uint16_t kPerfMiscMmapBuildId = 1 << 14;
inline constexpr uint16_t kPerfMiscBuildIdSize = 1 << 15;

// enum perf_event_sample_format, in the order of its bits.
inline constexpr uint64_t kPerfSampleIp = 1 << 0;
inline constexpr uint64_t kPerfSampleTid = 1 << 1;
inline constexpr uint64_t kPerfSampleTime = 1 << 2;
inline constexpr uint64_t kPerfSampleAddr = 1 << 3;
inline constexpr uint64_t kPerfSampleRead = 1 << 4;
inline constexpr uint64_t kPerfSampleCallchain = 1 << 5;
inline constexpr uint64_t kPerfSampleId = 1 << 6;
inline constexpr uint64_t kPerfSampleCpu = 1 << 7;
inline constexpr uint64_t kPerfSamplePeriod = 1 << 8;
inline constexpr uint64_t kPerfSampleStreamId = 1 << 9;
inline constexpr uint64_t kPerfSampleRaw = 1 << 10;
inline constexpr uint64_t kPerfSampleBranchStack = 1 << 11;
inline constexpr uint64_t kPerfSampleIdentifier = 1 << 16;

// enum perf_event_read_format
inline constexpr uint64_t kPerfFormatTotalTimeEnabled = 1 << 0;
inline constexpr uint64_t kPerfFormatTotalTimeRunning = 1 << 1;
inline constexpr uint64_t kPerfFormatId = 1 << 2;
inline constexpr uint64_t kPerfFormatGroup = 1 << 3;
inline constexpr uint64_t kPerfFormatLost = 1 << 4;

// enum perf_branch_sample_type
inline constexpr uint64_t kPerfBranchCallStack = 1 << 11;
inline constexpr uint64_t kPerfBranchHwIndex = 1 << 17;

// perf_branch_entry
template <std::endian kOrder>
struct PerfBranch {
  U64<kOrder> from;
  U64<kOrder> to;
  U64<kOrder> flags;  // Bit fields, as in PerfAttr; the first: mispredicted.
};

// enum perf_callchain_context: what is at least this large is no address but
// says whose the addresses after it are.
inline constexpr uint64_t kPerfContextMax = static_cast<uint64_t>(-4095);
inline constexpr uint64_t kPerfContextUser = static_cast<uint64_t>(-512);

// The fixed part of PERF_RECORD_MMAP, after the header. A name follows.
template <std::endian kOrder>
struct PerfMmap {
  U32<kOrder> pid;
  U32<kOrder> tid;
  U64<kOrder> addr;
  U64<kOrder> len;
  U64<kOrder> pgoff;
};

// The same of PERF_RECORD_MMAP2.
template <std::endian kOrder>
struct PerfMmap2 : PerfMmap<kOrder> {
  // Device and inode, or with kPerfMiscMmapBuildId the build-id.
  uint8_t build_id_size;
  uint8_t reserved[3];
  uint8_t build_id[20];
  U32<kOrder> prot;
  U32<kOrder> flags;
};
static_assert(sizeof(PerfMmap2<std::endian::little>) == 64);

// PERF_RECORD_FORK and PERF_RECORD_EXIT, after the header.
template <std::endian kOrder>
struct PerfTask {
  U32<kOrder> pid;
  U32<kOrder> ppid;
  U32<kOrder> tid;
  U32<kOrder> ptid;
  U64<kOrder> time;
};

// The fixed part of PERF_RECORD_COMM, after the header.
template <std::endian kOrder>
struct PerfComm {
  U32<kOrder> pid;
  U32<kOrder> tid;
};

// perf_record_header_build_id, after the header. A name follows.
template <std::endian kOrder>
struct PerfBuildId {
  U32<kOrder> pid;
  uint8_t build_id[20];
  uint8_t size;  // With kPerfMiscBuildIdSize; else all 20.
  uint8_t reserved[3];
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_PERF_RECORDS_H_
