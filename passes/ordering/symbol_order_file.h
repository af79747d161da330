// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASSES_ORDERING_SYMBOL_ORDER_FILE_H_
#define RELINK_PASSES_ORDERING_SYMBOL_ORDER_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace relink {

// The names of a symbol-ordering file, as lld's --symbol-ordering-file takes
// it: one a line, blanks around it do not count, nor do empty lines and those
// that begin with #. Each once, where it comes first.
std::vector<std::string> ParseSymbolOrder(absl::string_view text);

// NotFound: no such file.  FailedPrecondition: it cannot be read.
absl::StatusOr<std::vector<std::string>> ReadSymbolOrderFile(
    const std::string& path);

}  // namespace relink

#endif  // RELINK_PASSES_ORDERING_SYMBOL_ORDER_FILE_H_
