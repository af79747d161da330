// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_PAGE_STATE_H_
#define RELINK_MAP_PAGE_STATE_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "relink/support/address.h"

namespace relink {

// What pages memory of this process has, in bytes.
struct PageState {
  uint64_t resident = 0;
  uint64_t huge = 0;  // Of those, in pages that a TLB has as one of 2 MiB.

  friend bool operator==(const PageState&, const PageState&) = default;
};

// What the kernel gave `range`, whatever was asked for: the sum of all mappings
// that it has a part of, as far as they lie in it. Nothing if the kernel does
// not tell (proc_pid_smaps(5): Rss, AnonHugePages, FilePmdMapped,
// ShmemPmdMapped). Takes time in proportion to the memory of the process.
std::optional<PageState> ReadPageState(RuntimeRange range);

// The same of text as /proc/PID/smaps has it.
PageState ParsePageState(absl::string_view smaps, RuntimeRange range);

}  // namespace relink

#endif  // RELINK_MAP_PAGE_STATE_H_
