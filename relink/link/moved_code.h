// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_MOVED_CODE_H_
#define RELINK_LINK_MOVED_CODE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "relink/ir/link_graph.h"
#include "relink/link/library.h"

namespace relink {

// How much of a module's code passes placed by itself, apart from its
// neighbours in the file.
struct MovedCode {
  std::string module;
  Capability capability = Capability::kOpaque;
  Materialization materialization = Materialization::kWhole;
  uint64_t functions = 0;  // Found in the file; 0 if no pass looked.
  uint64_t moved_functions = 0;
  uint64_t bytes = 0;  // Of all functions found.
  uint64_t moved_bytes = 0;
  // Of the moved ones, how many stand behind another than in the file.
  uint64_t new_neighbours = 0;
};

// Of each module that was loaded with `library`, itself first.
std::vector<MovedCode> CountMovedCode(const Library& library);

}  // namespace relink

#endif  // RELINK_LINK_MOVED_CODE_H_
