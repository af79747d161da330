// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_PROCESS_MEMORY_H_
#define RELINK_RUN_PROCESS_MEMORY_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/module_source.h"
#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"

namespace relink {

// What the kernel says is mapped in this process at one time.
class ProcessMemory {
 public:
  struct Mapping {
    RuntimeRange range;
    Protection protection = Protection::kNone;
    bool writable_and_executable = false;
    FileIdentity file;
  };

  // NotFound: there is no /proc.
  static absl::StatusOr<ProcessMemory> Read();
  // Of text as /proc/PID/maps has it. InvalidArgument: malformed.
  static absl::StatusOr<ProcessMemory> Parse(absl::string_view text);

  // Ascending.
  const std::vector<Mapping>& mappings() const { return mappings_; }
  // The mapping of `addr`; null if there is none.
  const Mapping* Find(RuntimeAddr addr) const;

  // Where `size` bytes can be mapped, so that each is in reach of a signed
  // distance of 32 bits from each of `near`, and the heap, which grows behind
  // the program, has room. ResourceExhausted: nowhere.
  absl::StatusOr<RuntimeAddr> FindRoom(RuntimeRange near, uint64_t size) const;

 private:
  std::vector<Mapping> mappings_;
};

}  // namespace relink

#endif  // RELINK_RUN_PROCESS_MEMORY_H_
