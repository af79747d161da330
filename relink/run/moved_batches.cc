// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/moved_batches.h"

#include <utility>

namespace relink {

template <typename Use>
bool MovedBatches::AnyOf(Use use) const {
  readers_.fetch_add(1);
  bool any = false;
  for (const auto& batch : *list_.load()) {
    if (use(batch.moved)) {
      any = true;
      break;
    }
  }
  readers_.fetch_sub(1);
  return any;
}

void MovedBatches::Publish(List list) {
  const List* old = list_.exchange(new List(std::move(list)));
  replaced_.emplace_back(old);
  // Whoever reads from now on sees the new list.
  if (readers_.load() == 0) replaced_.clear();
}

void MovedBatches::Add(MovedFunctions moved, std::vector<Reservation> memory) {
  List list = *list_.load();
  list.push_back({.moved = std::move(moved),
                  .memory = std::make_shared<const std::vector<Reservation>>(
                      std::move(memory))});
  Publish(std::move(list));
}

void MovedBatches::Remove(RuntimeRange gone) {
  List list;
  for (const Batch& batch : *list_.load()) {
    MovedFunctions left = batch.moved.Without(gone);
    if (left.moves().empty()) continue;
    list.push_back({.moved = std::move(left), .memory = batch.memory});
  }
  Publish(std::move(list));
}

uint64_t MovedBatches::OldAddress(uint64_t addr) const {
  uint64_t old = addr;
  AnyOf([&](const MovedFunctions& moved) {
    old = moved.OldAddress(addr);
    return old != addr;
  });
  return old;
}

uint64_t MovedBatches::NewAddress(uint64_t addr) const {
  uint64_t now = addr;
  AnyOf([&](const MovedFunctions& moved) {
    now = moved.NewAddress(addr);
    return now != addr;
  });
  return now;
}

bool MovedBatches::FindUnwind(uint64_t addr,
                              MovedFunctions::Unwind* unwind) const {
  return AnyOf([&](const MovedFunctions& moved) {
    const MovedFunctions::Unwind* found = moved.FindUnwind(addr);
    if (found != nullptr) *unwind = *found;
    return found != nullptr;
  });
}

uint64_t MovedBatches::FindReturnWay(uint64_t addr) const {
  uint64_t way = 0;
  AnyOf([&](const MovedFunctions& moved) {
    way = moved.FindReturnWay(addr);
    return way != 0;
  });
  return way;
}

}  // namespace relink
