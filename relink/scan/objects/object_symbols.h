// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_OBJECTS_OBJECT_SYMBOLS_H_
#define RELINK_SCAN_OBJECTS_OBJECT_SYMBOLS_H_

#include <cstdint>
#include <deque>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/scan/objects/object_file.h"

namespace relink {

// What a name means in a group of object files.
struct GroupSymbol {
  enum class State : uint8_t { kUndefined, kWeak, kCommon, kStrong };
  static constexpr uint32_t kNone = UINT32_MAX;

  absl::string_view name;
  State state = State::kUndefined;
  uint32_t object = kNone;  // That defines it.
  uint32_t index = 0;       // Its symbol there.
  uint8_t visibility = 0;   // The most constraining one of all objects.
  uint8_t type = 0;         // STT_*; of a reference until it is defined.
  bool wanted = false;      // An object refers to it, and not weakly.
  uint64_t size = 0;        // Of a common one, the largest.
  uint64_t alignment = 1;   // Of a common one.

  bool defined() const { return state != State::kUndefined; }
};

// The objects of one link and what their names mean together (gABI, "Symbol
// Table" and "Section Groups"): a strong definition stands for common ones, and
// those for weak ones; of COMDAT groups of one signature the first is taken.
class ObjectSymbols {
 public:
  // InvalidArgument: a second strong definition of a name.
  absl::Status Add(ObjectFile object);

  const std::deque<ObjectFile>& objects() const { return objects_; }
  const std::vector<GroupSymbol>& symbols() const { return symbols_; }
  // The one that a global symbol of an object is about.
  uint32_t IdOf(uint32_t object, uint32_t symbol) const {
    return ids_[object][symbol - objects_[object].first_global];
  }
  // The one of that name, to which something else than an object refers.
  uint32_t Refer(absl::string_view name, bool wanted);
  // GroupSymbol::kNone if no object names it.
  uint32_t Find(absl::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? GroupSymbol::kNone : found->second;
  }
  // Whether a section is left out, as another one stands for it.
  bool IsDiscarded(uint32_t object, uint32_t section) const {
    return discarded_[object][section];
  }

 private:
  void DiscardGroups(const ObjectFile& object, std::vector<bool>& discarded);
  absl::Status AddSymbol(uint32_t object, uint32_t index, GroupSymbol& symbol);

  std::deque<ObjectFile> objects_;
  std::vector<std::vector<bool>> discarded_;
  std::vector<std::vector<uint32_t>> ids_;
  std::vector<GroupSymbol> symbols_;
  absl::flat_hash_map<absl::string_view, uint32_t> by_name_;
  absl::flat_hash_set<absl::string_view> signatures_;
};

}  // namespace relink

#endif  // RELINK_SCAN_OBJECTS_OBJECT_SYMBOLS_H_
