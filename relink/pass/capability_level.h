// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_CAPABILITY_LEVEL_H_
#define RELINK_PASS_CAPABILITY_LEVEL_H_

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/pass/remark.h"

namespace relink {

// How much is known of a unit, or must be for a pass, on a scale that is the
// unit's: 0 is nothing at all.
struct CapabilityLevel {
  uint8_t level = 0;
  absl::string_view name;  // For messages.
};

// Says that `pass` skips `unit`, because too little is known of it.
inline void RemarkIncapable(RemarkSink& remarks, absl::string_view pass,
                            absl::string_view unit, CapabilityLevel provided,
                            CapabilityLevel needed) {
  if (!remarks.wanted()) return;
  remarks.Add({.pass = pass,
               .kind = RemarkKind::kRefused,
               .module = unit,
               .message = absl::StrCat("is ", provided.name, ", must be ",
                                       needed.name, " at least")});
}

}  // namespace relink

#endif  // RELINK_PASS_CAPABILITY_LEVEL_H_
