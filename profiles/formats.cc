// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/formats.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "profiles/decompress.h"
#include "profiles/own/own_format.h"
#include "profiles/perf/perf_data_reader.h"
#include "profiles/pprof/pprof.h"
#include "profiles/text/call_graph_ordering.h"
#include "profiles/text/fdata.h"
#include "profiles/text/folded.h"
#include "profiles/text/perf_script.h"
#include "profiles/text/preaggregated.h"
#include "profiles/text/symbol_ordering.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// What formats are recognized by.
constexpr size_t kHeadSize = 4096;
// One inside of the other.
constexpr int kMaxCompressions = 4;

absl::Status WriteOwn(const Profile& profile, const SymbolSource&,
                      std::ostream& out) {
  return WriteOwnFormat(profile, out);
}

constexpr ProfileFormat kFormats[] = {
    // clang-format off
    {"own", "Relink's own: all that is known", true, IsOwnFormat, ReadOwnFormat, WriteOwn},
    {"perf.data", "a recording of perf record", true, IsPerfData, ReadPerfData, nullptr},
    {"pprof", "pprof's, of any language's profiler", true, IsPprof, ReadPprof, WritePprof},
    {"fdata", "branches as BOLT's perf2bolt writes them", false, IsFdata, ReadFdata, nullptr},
    {"preaggregated", "branches as BOLT takes them, of any number of modules", false, IsPreaggregated, ReadPreaggregated, nullptr},
    {"perf-script", "what perf script prints", false, IsPerfScript, ReadPerfScript, nullptr},
    {"call-graph-ordering", "calls, as lld's --call-graph-ordering-file", false, IsCallGraphOrdering, ReadCallGraphOrdering, nullptr},
    {"folded", "stacks, as flame graphs take them", false, IsFolded, ReadFolded, WriteFolded},
    {"symbol-ordering", "symbols, as lld's --symbol-ordering-file", false, IsSymbolOrdering, ReadSymbolOrdering, WriteSymbolOrdering},
    // clang-format on
};

}  // namespace

std::span<const ProfileFormat> ProfileFormats() { return kFormats; }

absl::StatusOr<const ProfileFormat*> FindFormat(absl::string_view name) {
  std::vector<std::string> names;
  for (const ProfileFormat& format : kFormats) {
    if (format.name == name) return &format;
    names.emplace_back(format.name);
  }
  return absl::NotFoundError(
      absl::StrCat("no format ", name, Suggestion(name, names)));
}

absl::StatusOr<Profile> ReadProfile(ByteStream in, const ReadOptions& options) {
  // Bounded, as there are files that are compressed and contain themselves.
  for (int depth = 0; depth < kMaxCompressions; ++depth) {
    ASSIGN_OR_RETURN(const ByteView head, in.Peek(kHeadSize));
    for (const ProfileFormat& format : kFormats) {
      if (format.sniff != nullptr && format.sniff(head)) {
        return format.read(std::move(in), options);
      }
    }
    if (!IsGzip(head) && !IsZstd(head)) break;
    std::string name = in.name();
    auto inside = IsGzip(head) ? Gunzip(std::move(in)) : Unzstd(std::move(in));
    in = ByteStream(std::move(name), std::move(inside));
  }
  return in.Malformed("not a profile of a known format");
}

}  // namespace relink::profiles
