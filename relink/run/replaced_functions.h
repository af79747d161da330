// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_REPLACED_FUNCTIONS_H_
#define RELINK_RUN_REPLACED_FUNCTIONS_H_

#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/run/moved_functions.h"

namespace relink {

// What answers questions about addresses of functions that moved.
class MovedSource {
 public:
  // Must live for as long as functions run that were replaced.
  virtual uint64_t OldAddress(uint64_t addr) const = 0;
  virtual uint64_t NewAddress(uint64_t addr) const = 0;
  // False if no function that moved is there.
  virtual bool FindUnwind(uint64_t addr,
                          MovedFunctions::Unwind* unwind) const = 0;
  // 0 if `addr` is in no function that moved.
  virtual uint64_t FindReturnWay(uint64_t addr) const = 0;

 protected:
  ~MovedSource() = default;
};

// Functions of the C library that would not know a function that moved, and
// what stands in for them in the rest of the program: those that say to which
// module an address belongs, or ask it of their caller. `find` says where the
// library has them, 0 if it has not. For once in a process.
std::vector<std::pair<uint64_t, uint64_t>> ReplaceFunctions(
    const MovedSource& source,
    const std::function<uint64_t(absl::string_view)>& find);

}  // namespace relink

#endif  // RELINK_RUN_REPLACED_FUNCTIONS_H_
