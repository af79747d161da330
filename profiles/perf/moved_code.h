// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_MOVED_CODE_H_
#define RELINK_PROFILES_PERF_MOVED_CODE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "profiles/perf/address_spaces.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink::profiles {

// A line of a file of moved code: what lies in `memory` is, in the file of that
// path and build-id, at `offset`.
struct MovedRange {
  RuntimeRange memory;
  FileOffset offset;
  std::string build_id;  // Its bytes; may be empty.
  std::string path;
};

// "START SIZE OFFSET BUILDID PATH", the first three in hexadecimal, BUILDID "-"
// if there is none. Nothing if the line is not like that.
std::optional<MovedRange> ParseMovedRange(absl::string_view line);

// Where the code of relinked processes came from, by the files
// "relink-PID.map" that librelink_audit.so writes into a folder. They are read
// when they are needed, as far as they are written then. Taken are those of
// this user or of root, as perf does it; lines that are malformed, and what is
// more than any real program has, are left out.
class MovedCode {
 public:
  // If `folder` is empty nothing is known.
  explicit MovedCode(std::string folder) : folder_(std::move(folder)) {}

  bool empty() const { return folder_.empty(); }

  // As those of AddressSpaces. A child has what its parent moved before.
  void Fork(uint32_t pid, uint32_t parent_pid, bool inherits);
  void Exec(uint32_t pid);
  void Exit(uint32_t pid);

  struct Origin {
    // Valid until the next call.
    absl::string_view path;
    absl::string_view build_id;
    FileOffset offset;
  };
  // Nothing if no code was moved to `address`.
  std::optional<Origin> Find(uint32_t pid, RuntimeAddr address);

 private:
  struct File {
    std::string build_id;
    std::string path;
  };

  // What is in the file of `pid` that was not read yet.
  void Update(uint32_t pid);
  void Add(uint32_t pid, const MovedRange& range);

  std::string folder_;
  AddressSpaces spaces_;
  Table<MappedFileId, File> files_;
  absl::flat_hash_map<std::string, MappedFileId> file_ids_;
  // How much of their files was read.
  absl::flat_hash_map<uint32_t, uint64_t> read_;
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_MOVED_CODE_H_
