// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SUPPORT_ID_H_
#define RELINK_SUPPORT_ID_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "relink/support/large_vector.h"

namespace relink {

// Names one entry of a `Table`. Ids of different kinds do not mix, and are
// never reused.
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(uint32_t index) : index_(index) {}

  constexpr bool has_value() const { return index_ != kNone; }
  constexpr uint32_t index() const { return index_; }

  friend constexpr auto operator<=>(Id, Id) = default;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  uint32_t index_ = kNone;
};

// A dense store of `T`, named by `IdType`. Entries are added, never removed.
template <typename IdType, typename T>
class Table {
 public:
  IdType Add(T value) {
    entries_.push_back(std::move(value));
    return IdType(static_cast<uint32_t>(entries_.size() - 1));
  }

  // For `size` entries in all, before many are added.
  void Reserve(size_t size) { entries_.reserve(size); }

  T& operator[](IdType id) { return entries_[id.index()]; }
  const T& operator[](IdType id) const { return entries_[id.index()]; }

  size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() { return entries_.begin(); }
  auto end() { return entries_.end(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  LargeVector<T> entries_;
};

}  // namespace relink

#endif  // RELINK_SUPPORT_ID_H_
