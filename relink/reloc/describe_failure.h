// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_DESCRIBE_FAILURE_H_
#define RELINK_RELOC_DESCRIBE_FAILURE_H_

#include <cstdint>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/arch/relocation_rule.h"
#include "relink/reloc/apply.h"
#include "relink/reloc/scope.h"

namespace relink {

// A relocation that could not be applied.
struct FailedRelocation {
  absl::string_view table;  // "DT_RELA".
  uint32_t r_type;
  const RelocationRule& rule;
  uint32_t symbol;  // 0 for none.
  uint64_t place;
  const ScopeMember& member;
};

// Why it could not: "DT_RELA[12]: R_X86_64_PC32 against f at 0x3000: value does
// not fit in its field (0x123456789)". What `stop` says, if `failure` does not.
//
// Built with --//relink:diagnostics=false only the last part of it.
absl::Status DescribeFailure(const FailedRelocation& failed,
                             const ApplyFailure& failure,
                             const absl::Status& stop);

// The same of a word of DT_RELR, which may stand for many.
absl::Status DescribeFailure(const ApplyFailure& failure,
                             const absl::Status& stop);

// "undefined symbol: a, b@V1"; without diagnostics, only that there are some.
std::string DescribeUndefined(std::span<const std::string> names);

}  // namespace relink

#endif  // RELINK_RELOC_DESCRIBE_FAILURE_H_
