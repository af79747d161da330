// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_MOVED_FUNCTIONS_H_
#define RELINK_RUN_MOVED_FUNCTIONS_H_

#include <cstdint>
#include <vector>

#include "relink/support/address.h"

namespace relink {

// Where functions of a running program went, and back. Never changed once it is
// made, so that any thread may look something up, in a signal handler as well.
class MovedFunctions {
 public:
  struct Move {
    RuntimeRange from;
    RuntimeAddr to;
    // Its address is still the old one.
    bool address_kept = false;
  };
  // Unwind information of functions that lie in `code`: an .eh_frame_hdr.
  struct Unwind {
    RuntimeRange code;
    RuntimeAddr header;
  };

  // Where `add $8, %rsp; ret` stands in a module.
  struct ReturnWay {
    RuntimeRange module;
    RuntimeAddr at;
  };

  MovedFunctions() = default;
  // In any order; neither old nor new places overlap.
  MovedFunctions(std::vector<Move> moves, std::vector<Unwind> unwind,
                 std::vector<ReturnWay> return_ways);

  // The same without the functions that were in `gone`.
  MovedFunctions Without(RuntimeRange gone) const;

  // What the address of what was at `addr` is now: `addr` itself if it was not
  // moved.
  uint64_t NewAddress(uint64_t addr) const;
  // The other way round.
  uint64_t OldAddress(uint64_t addr) const;
  // Null if `addr` is in no function that moved.
  const Unwind* FindUnwind(uint64_t addr) const;
  // The one of the module that the function came from which is at `addr` now;
  // 0 if none is, or the module has none.
  uint64_t FindReturnWay(uint64_t addr) const;

  // By new place.
  const std::vector<Move>& moves() const { return by_to_; }

 private:
  std::vector<Move> by_from_;
  std::vector<Move> by_to_;
  std::vector<Unwind> unwind_;
  std::vector<ReturnWay> return_ways_;
};

}  // namespace relink

#endif  // RELINK_RUN_MOVED_FUNCTIONS_H_
