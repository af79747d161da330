// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ANALYSIS_UNWIND_RECORDS_H_
#define RELINK_PASSES_ANALYSIS_UNWIND_RECORDS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "relink/ir/link_graph.h"

namespace relink {

// Where a function's record (FDE) lies in the section .eh_frame.
struct UnwindRecord {
  SectionId section_id;  // None if the function has no record in the graph.
  uint64_t offset = 0;
  uint64_t size = 0;
};

// The unwind records of a graph's functions, as sections of the graph have
// them. Keeps a reference to the graph, whose sections must not change.
class UnwindRecords {
 public:
  explicit UnwindRecords(const LinkGraph& graph);

  UnwindRecord Of(SectionId function_id) const;

  // The fixups that are in a record: first the one to its function, then that
  // to its language-specific data, if it has any.
  std::span<const Fixup> FixupsOf(const UnwindRecord& record) const;

  // Whether the place belongs to the record of a function of the graph.
  bool IsOfFunction(SectionId section_id, uint64_t offset) const;

 private:
  const LinkGraph& graph_;
  std::vector<SectionId> tables_;  // Each module's .eh_frame, if any.
  // By section: the records in it, ascending.
  std::vector<std::vector<UnwindRecord>> records_;
};

}  // namespace relink

#endif  // RELINK_PASSES_ANALYSIS_UNWIND_RECORDS_H_
