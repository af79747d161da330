// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_PAGE_EDITS_H_
#define RELINK_RUN_PAGE_EDITS_H_

#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "absl/status/status.h"
#include "relink/map/mapping_backend.h"
#include "relink/run/process_memory.h"
#include "relink/support/address.h"

namespace relink {

// Pages of a running program that are changed all or not at all: until Commit,
// destroying it brings back what they had and what they allow. None of them may
// be in use, for code among them is writable, and so not executable, meanwhile.
class PageEdits {
 public:
  // Must outlive the edits.
  explicit PageEdits(MappingBackend& backend) : backend_(backend) {}
  PageEdits(const PageEdits&) = delete;
  PageEdits& operator=(const PageEdits&) = delete;
  ~PageEdits();

  // `range` will be changed.
  void Add(RuntimeRange range);
  // Makes all that was added writable. FailedPrecondition: some is not mapped.
  // ResourceExhausted: the kernel refused.
  absl::Status Open(const ProcessMemory& memory);
  // Gives back the old protections, which cannot fail: no mapping is split that
  // was whole before.
  void Commit();

  size_t page_count() const { return pages_.size(); }

 private:
  struct Run {
    RuntimeRange pages;
    Protection protection = Protection::kRead;
    bool opened = false;
    std::vector<std::byte> before;
  };
  void Close();

  MappingBackend& backend_;
  std::set<uint64_t> pages_;
  std::vector<Run> runs_;
};

}  // namespace relink

#endif  // RELINK_RUN_PAGE_EDITS_H_
