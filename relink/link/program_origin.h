// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_PROGRAM_ORIGIN_H_
#define RELINK_LINK_PROGRAM_ORIGIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/link_graph.h"
#include "relink/stage/placed_graph.h"
#include "relink/support/address.h"

// ld.so takes a program's $ORIGIN from /proc/self/exe, which only execve(2)
// changes. So a program that is started without it is given search paths that
// say where its file is instead.
namespace relink {

struct SearchPath {
  int64_t tag = 0;   // DT_RPATH or DT_RUNPATH.
  std::string text;  // Without $ORIGIN.
};

// Those of `module` that refer to $ORIGIN.
// Unimplemented: its dynamic table is read-only.
absl::StatusOr<std::vector<SearchPath>> PathsFromOrigin(const Module& module);

// Makes entry `tag` of a mapped dynamic table, which must be writable, refer to
// the string at `text`.
void SetSearchPath(const Module& module, const PlacedModule& placed,
                   int64_t tag, RuntimeAddr text);

}  // namespace relink

#endif  // RELINK_LINK_PROGRAM_ORIGIN_H_
