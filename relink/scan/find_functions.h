// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_FIND_FUNCTIONS_H_
#define RELINK_SCAN_FIND_FUNCTIONS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/ir/function.h"
#include "relink/ir/symbol.h"
#include "relink/scan/wanted_functions.h"
#include "relink/support/address.h"
#include "relink/support/large_vector.h"

namespace relink {

// A section of code to find functions in. All of it is one function if nothing
// names any, or if it is one of those that linkers make as a whole (.plt).
struct CodeRange {
  LinkRange home;
  absl::string_view name;
};

// A symbol that may be a function's.
struct NamedRange {
  LinkRange range;  // Empty: it does not say where it ends.
  absl::string_view name;
};

// What is kept of an unwind record.
struct FrameFacts {
  LinkRange record;
  LinkRange code;  // Not empty.
  LinkAddr lsda;   // 0: none.
  // Why it cannot be used for a copy of the code; null if it can, for one at
  // the same address modulo this.
  const char* problem = nullptr;
  uint64_t address_modulo = 1;
};

// What unwind records say of a module's code.
struct FrameIndex {
  LargeVector<FrameFacts> frames;
  // There are records that cannot be read, so that any function may be theirs;
  // null if there are none.
  const char* problem = nullptr;
};

struct FoundFunctions {
  LargeVector<Function> functions;  // Ascending, apart from each other.
  // The record of each, an index into FrameIndex::frames; kNoFrame if none.
  std::vector<uint32_t> frames;
  // Whether nothing says where it ends, so that it reaches to the next one.
  std::vector<bool> sizeless;
  // Each address where a symbol or a record begins that is inside of a
  // function which begins elsewhere.
  std::vector<LinkAddr> inner_entries;

  static constexpr uint32_t kNoFrame = UINT32_MAX;
};

// Functions are what symbols or unwind records say they are; where these
// overlap, they are one. One without a size, as in assembly by hand, ends where
// the next begins. Such as have several records are pinned, and so are all
// without a record if some cannot be read. `code` ascends.
FoundFunctions FindFunctions(std::span<const CodeRange> code,
                             std::span<const NamedRange> symbols,
                             const FrameIndex& frames);

// Leaves out functions that are not wanted, unless they are linkage stubs,
// which are few and which others are called through; returns the ranges of
// those.
std::vector<LinkRange> KeepFunctions(const WantedFunctions& wanted,
                                     FoundFunctions& found);

}  // namespace relink

#endif  // RELINK_SCAN_FIND_FUNCTIONS_H_
