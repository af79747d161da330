// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_PROFILE_SYMBOL_FILES_H_
#define RELINK_TOOLS_RELINK_PROFILE_SYMBOL_FILES_H_

#include <map>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "profiles/profile.h"
#include "profiles/symbols/file_symbols.h"

namespace relink::tools {

// The files that profiles speak of, for their symbols: those that were given,
// and those that are where the profile says. A file with another build-id than
// the profile's is not the one.
class SymbolFiles {
 public:
  // A file to look into, wherever the profile has it.
  absl::Status Add(const std::string& path);

  // Null if it is not at hand. Valid as long as this is.
  const profiles::FileSymbols* Find(const profiles::ModuleKey& key);

 private:
  using Symbols = std::unique_ptr<profiles::FileSymbols>;

  std::map<std::string, Symbols> by_path_;  // Null: cannot be read.
  std::map<std::string, Symbols> given_;    // By build-id.
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_PROFILE_SYMBOL_FILES_H_
