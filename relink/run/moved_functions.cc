// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/moved_functions.h"

#include <algorithm>
#include <utility>

namespace relink {
namespace {

// The one of `moves`, which ascend by `begin`, that is the last at or before
// `addr`; null if there is none.
template <typename Begin>
const MovedFunctions::Move* LastBefore(
    const std::vector<MovedFunctions::Move>& moves, uint64_t addr,
    Begin begin) {
  const auto after =
      std::ranges::upper_bound(moves, RuntimeAddr(addr), {}, begin);
  return after == moves.begin() ? nullptr : &*(after - 1);
}

}  // namespace

MovedFunctions::MovedFunctions(std::vector<Move> moves,
                               std::vector<Unwind> unwind,
                               std::vector<ReturnWay> return_ways)
    : by_from_(std::move(moves)),
      by_to_(by_from_),
      unwind_(std::move(unwind)),
      return_ways_(std::move(return_ways)) {
  std::erase_if(by_from_, [](const Move& move) { return move.address_kept; });
  std::ranges::sort(by_from_, {},
                    [](const Move& move) { return move.from.begin; });
  std::ranges::sort(by_to_, {}, &Move::to);
}

MovedFunctions MovedFunctions::Without(RuntimeRange gone) const {
  MovedFunctions left = *this;
  const auto is_gone = [&](const Move& move) {
    return gone.Contains(move.from);
  };
  std::erase_if(left.by_from_, is_gone);
  std::erase_if(left.by_to_, is_gone);
  std::erase_if(left.return_ways_,
                [&](const ReturnWay& way) { return gone.Contains(way.at); });
  return left;
}

uint64_t MovedFunctions::NewAddress(uint64_t addr) const {
  const Move* move = LastBefore(
      by_from_, addr, [](const Move& each) { return each.from.begin; });
  if (move == nullptr || !move->from.Contains(RuntimeAddr(addr))) return addr;
  return addr - move->from.begin.value() + move->to.value();
}

uint64_t MovedFunctions::OldAddress(uint64_t addr) const {
  const Move* move = LastBefore(by_to_, addr, &Move::to);
  if (move == nullptr || addr - move->to.value() >= move->from.size) {
    return addr;
  }
  return addr - move->to.value() + move->from.begin.value();
}

const MovedFunctions::Unwind* MovedFunctions::FindUnwind(uint64_t addr) const {
  for (const Unwind& each : unwind_) {
    if (each.code.Contains(RuntimeAddr(addr))) return &each;
  }
  return nullptr;
}

uint64_t MovedFunctions::FindReturnWay(uint64_t addr) const {
  const uint64_t old = OldAddress(addr);
  if (old == addr) return 0;
  for (const ReturnWay& way : return_ways_) {
    if (way.module.Contains(RuntimeAddr(old))) return way.at.value();
  }
  return 0;
}

}  // namespace relink
