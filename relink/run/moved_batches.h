// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_MOVED_BATCHES_H_
#define RELINK_RUN_MOVED_BATCHES_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "relink/map/reservation.h"
#include "relink/run/moved_functions.h"
#include "relink/run/replaced_functions.h"
#include "relink/support/address.h"

namespace relink {

// What moved in the life of a process: of the modules that it started with, and
// of each dlopen later. Any thread may ask at any time, in signal handlers,
// too; Add and Remove take turns, as ld.so sees to.
class MovedBatches final : public MovedSource {
 public:
  MovedBatches() = default;
  ~MovedBatches() { delete list_.load(); }
  MovedBatches(const MovedBatches&) = delete;
  MovedBatches& operator=(const MovedBatches&) = delete;

  void Add(MovedFunctions moved, std::vector<Reservation> memory);
  // Forgets the functions of modules that were in `gone`, whose code nobody
  // runs any more, and gives the memory back where no others are left.
  void Remove(RuntimeRange gone);

  uint64_t OldAddress(uint64_t addr) const override;
  uint64_t NewAddress(uint64_t addr) const override;
  bool FindUnwind(uint64_t addr, MovedFunctions::Unwind* unwind) const override;
  uint64_t FindReturnWay(uint64_t addr) const override;

 private:
  struct Batch {
    MovedFunctions moved;
    std::shared_ptr<const std::vector<Reservation>> memory;
  };
  using List = std::vector<Batch>;

  // Calls `use` for batches until it returns true.
  template <typename Use>
  bool AnyOf(Use use) const;
  void Publish(List list);

  // What readers see. Replaced lists are kept until a moment without readers.
  std::atomic<const List*> list_{new List()};
  mutable std::atomic<int> readers_{0};
  std::vector<std::unique_ptr<const List>> replaced_;
};

}  // namespace relink

#endif  // RELINK_RUN_MOVED_BATCHES_H_
