// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_INSPECT_CAPABILITY_H_
#define RELINK_TOOLS_RELINK_INSPECT_CAPABILITY_H_

#include <cstdint>
#include <ostream>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/support/byte_view.h"
#include "tools/relink/json_writer.h"

namespace relink::tools {

// How many functions, of how many bytes.
struct FunctionCount {
  uint64_t functions = 0;
  uint64_t bytes = 0;

  void Add(uint64_t size) {
    ++functions;
    bytes += size;
  }
};

// Why some functions must stay where they are.
struct PinnedCount {
  absl::string_view reason;
  FunctionCount count;
};

// What passes can do with a file: decoded as they see it.
class FileCode {
 public:
  // `bytes` must outlive it. Unimplemented: not for this machine, or of a kind
  // that passes leave closed.
  static absl::StatusOr<FileCode> Open(ByteView bytes, absl::string_view path);

  const Module& module() const { return graph_.modules[graph_.root_id]; }

  FunctionCount all() const { return all_; }
  FunctionCount movable() const { return movable_; }
  // Of sections of code, with what is between functions.
  uint64_t code_bytes() const { return code_bytes_; }
  // Most bytes first.
  const std::vector<PinnedCount>& pinned() const { return pinned_; }

 private:
  void Count();

  LinkGraph graph_;
  FunctionCount all_;
  FunctionCount movable_;
  uint64_t code_bytes_ = 0;
  std::vector<PinnedCount> pinned_;
};

// For people: totals, reasons, and if `list` each function.
void PrintCode(const FileCode& code, bool list, std::ostream& out);

// For programs: the same as the member "code".
void WriteCode(const FileCode& code, bool list, JsonWriter& json);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_INSPECT_CAPABILITY_H_
