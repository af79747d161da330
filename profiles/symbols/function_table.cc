// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/symbols/function_table.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/str_cat.h"

namespace relink::profiles {

FunctionTable::FunctionTable(const Profile& profile,
                             const SymbolSource& symbols) {
  std::vector<const FileSymbols*> files;
  for (const ModuleKey& key : profile.modules()) {
    files.push_back(symbols ? symbols(key) : nullptr);
  }
  for (uint32_t i = 0; i < profile.place_count(); ++i) {
    const PlaceId id(i);
    const Place& place = profile.place(id);
    const FileSymbols* file = files[place.module.index()];
    const auto address =
        file != nullptr ? file->AddressOf(place) : std::optional<LinkAddr>();
    const NamedFunction* function = address ? file->Find(*address) : nullptr;
    FunctionId in;
    if (function != nullptr) {
      in = Add(place.module, function->name, function->range);
    } else if (place.name.has_value()) {
      in = Add(place.module, std::string(profile.name(place.name)), {});
    } else {
      in = Add(place.module, "", {});
    }
    functions_[in].count += profile.count(id);
    of_place_.push_back(in);
    addresses_.push_back(address);
  }
}

FunctionId FunctionTable::Add(ModuleId module, const std::string& name,
                              std::optional<LinkRange> range) {
  // Static functions of one name are different functions.
  const uint64_t begin = range ? range->begin.value() : 0;
  const auto [it, added] =
      ids_.try_emplace(absl::StrCat(module.index(), " ", begin, " ", name));
  if (added) {
    it->second = functions_.Add(
        {.module = module, .name = name, .range = range, .count = {}});
  }
  return it->second;
}

std::vector<FunctionId> FunctionTable::ByWeight() const {
  std::vector<FunctionId> sorted;
  for (uint32_t i = 0; i < functions_.size(); ++i) {
    if (functions_[FunctionId(i)].count != Count()) sorted.emplace_back(i);
  }
  // In the end by where it is, so that the order does not depend on chance.
  std::sort(sorted.begin(), sorted.end(), [this](FunctionId a, FunctionId b) {
    const auto key = [this](FunctionId id) {
      const ProfiledFunction& f = functions_[id];
      return std::tuple(~f.count.weight, ~f.count.samples, f.module, f.name,
                        f.range ? f.range->begin.value() : 0);
    };
    return key(a) < key(b);
  });
  return sorted;
}

}  // namespace relink::profiles
