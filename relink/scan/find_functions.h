// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_FIND_FUNCTIONS_H_
#define RELINK_SCAN_FIND_FUNCTIONS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/elf/unwind_records.h"
#include "relink/ir/function.h"
#include "relink/ir/symbol.h"
#include "relink/support/address.h"

namespace relink {

// A section of code to find functions in. All of it is one function if nothing
// names any, or if it is one of those that linkers make as a whole (.plt).
struct CodeRange {
  LinkRange home;
  absl::string_view name;
};

// A symbol that may be a function's.
struct NamedRange {
  LinkRange range;  // Not empty.
  absl::string_view name;
};

// What unwind records say of a module's code.
struct FrameIndex {
  std::vector<elf::FrameRecord> frames;
  // There are records that cannot be read, so that any function may be theirs;
  // null if there are none.
  const char* problem = nullptr;
};

struct FoundFunctions {
  std::vector<Function> functions;  // Ascending, apart from each other.
  // The record of each, an index into FrameIndex::frames; kNoFrame if none.
  std::vector<uint32_t> frames;
  // Each address where a symbol or a record begins that is inside of a
  // function which begins elsewhere.
  std::vector<LinkAddr> inner_entries;

  static constexpr uint32_t kNoFrame = UINT32_MAX;
};

// Functions are what symbols or unwind records say they are; where these
// overlap, they are one. Such as have several records are pinned, and so are
// all without a record if some cannot be read. `code` ascends.
FoundFunctions FindFunctions(std::span<const CodeRange> code,
                             std::span<const NamedRange> symbols,
                             const FrameIndex& frames);

}  // namespace relink

#endif  // RELINK_SCAN_FIND_FUNCTIONS_H_
