// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "passes/ordering/symbol_order_file.h"

#include <fstream>
#include <iterator>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace relink {

std::vector<std::string> ParseSymbolOrder(absl::string_view text) {
  std::vector<std::string> names;
  absl::flat_hash_set<absl::string_view> seen;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#' || !seen.insert(line).second) continue;
    names.emplace_back(line);
  }
  return names;
}

absl::StatusOr<std::vector<std::string>> ReadSymbolOrderFile(
    const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return absl::NotFoundError(absl::StrCat(path, ": cannot be opened"));
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  if (file.bad()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": cannot be read"));
  }
  return ParseSymbolOrder(text);
}

}  // namespace relink
