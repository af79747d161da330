// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_SYMBOLS_FUNCTION_TABLE_H_
#define RELINK_PROFILES_SYMBOLS_FUNCTION_TABLE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "profiles/profile.h"
#include "profiles/symbols/file_symbols.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink::profiles {

using FunctionId = Id<struct ProfileFunctionTag>;

// The symbols of a module, or null if its file is not at hand.
using SymbolSource = std::function<const FileSymbols*(const ModuleKey&)>;

struct ProfiledFunction {
  ModuleId module;
  std::string name;  // Empty: all that is in no known function.
  // Where it is known.
  std::optional<LinkRange> range;
  Count count;  // All samples in it.
};

// Which function each place of a profile is in.
class FunctionTable {
 public:
  // With the names that the profile has itself, and those of `symbols`.
  FunctionTable(const Profile& profile, const SymbolSource& symbols);

  const Table<FunctionId, ProfiledFunction>& functions() const {
    return functions_;
  }
  // Those with samples, the most weight first.
  std::vector<FunctionId> ByWeight() const;

  // Of every place.
  FunctionId FunctionOf(PlaceId place) const {
    return of_place_[place.index()];
  }
  // Its link address, if that is known.
  std::optional<LinkAddr> AddressOf(PlaceId place) const {
    return addresses_[place.index()];
  }

 private:
  FunctionId Add(ModuleId module, const std::string& name,
                 std::optional<LinkRange> range);

  Table<FunctionId, ProfiledFunction> functions_;
  absl::flat_hash_map<std::string, FunctionId> ids_;
  std::vector<FunctionId> of_place_;
  std::vector<std::optional<LinkAddr>> addresses_;
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_SYMBOLS_FUNCTION_TABLE_H_
