// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/describe_failure.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "relink/support/status.h"

namespace relink {
namespace {

absl::Status Describe(const ApplyFailure& failure, const absl::Status& stop,
                      std::string where) {
  if (failure.what == nullptr) return Annotate(stop, where);
  absl::StrAppend(&where, ": ", failure.what);
  if (failure.value != 0) {
    absl::StrAppend(&where, " (0x", absl::Hex(failure.value), ")");
  }
  return absl::Status(ToStatus({failure.code, "", 0}, "").code(), where);
}

}  // namespace

absl::Status DescribeFailure(const FailedRelocation& failed,
                             const ApplyFailure& failure,
                             const absl::Status& stop) {
  std::string where = absl::StrCat(failed.table, "[", failure.index, "]: ");
  if (failed.rule.formula == Formula::kUnknown) {
    absl::StrAppend(&where, "type ", failed.r_type);
  } else {
    absl::StrAppend(&where, failed.rule.name);
  }
  const auto& symbols = failed.member.definitions.symbols;
  if (failed.symbol != 0 && failed.symbol < symbols.limit()) {
    absl::StrAppend(&where, " against ",
                    View(symbols.Name(symbols[failed.symbol])));
  }
  absl::StrAppend(&where, " at 0x", absl::Hex(failed.place));
  return Describe(failure, stop, std::move(where));
}

absl::Status DescribeFailure(const ApplyFailure& failure,
                             const absl::Status& stop) {
  return Describe(failure, stop, absl::StrCat("DT_RELR: word ", failure.index));
}

std::string DescribeUndefined(std::span<const std::string> names) {
  const std::set<std::string> once(names.begin(), names.end());
  return absl::StrCat("undefined symbol: ", absl::StrJoin(once, ", "));
}

}  // namespace relink
