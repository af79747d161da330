// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_TEXT_SYMBOL_ORDERING_H_
#define RELINK_PROFILES_TEXT_SYMBOL_ORDERING_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiles/byte_stream.h"
#include "profiles/profile.h"
#include "profiles/read_options.h"
#include "profiles/symbols/function_table.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

bool IsSymbolOrdering(ByteView head);

// Reads symbols, one on a line, as ld.lld --symbol-ordering-file takes them:
// the first weighs as much as there are, the last 1. InvalidArgument: a line
// that cannot be, whose number it says.
absl::StatusOr<Profile> ReadSymbolOrdering(ByteStream in,
                                           const ReadOptions& options);

// Functions that have a name, the most weight first.
absl::Status WriteSymbolOrdering(const Profile& profile,
                                 const SymbolSource& symbols,
                                 std::ostream& out);

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_TEXT_SYMBOL_ORDERING_H_
