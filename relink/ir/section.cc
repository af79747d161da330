// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/section.h"

namespace relink {

std::vector<std::byte>& SectionContents::Mutable() {
  if (!owned_) {
    own_.assign(view_.begin(), view_.end());
    owned_ = true;
  }
  return own_;
}

absl::string_view Name(FixupOrigin origin) {
  switch (origin) {
    case FixupOrigin::kDynamic:
      return "dynamic";
    case FixupOrigin::kRetained:
      return "retained";
    case FixupOrigin::kRecovered:
      return "recovered";
    case FixupOrigin::kMade:
      return "made";
  }
  return "";
}

absl::string_view Name(MemoryClass memory_class) {
  switch (memory_class) {
    case MemoryClass::kCode:
      return "code";
    case MemoryClass::kReadOnly:
      return "rodata";
    case MemoryClass::kRelro:
      return "relro";
    case MemoryClass::kData:
      return "data";
    case MemoryClass::kTls:
      return "tls";
  }
  return "";
}

absl::string_view Name(SectionKind kind) {
  switch (kind) {
    case SectionKind::kOutput:
      return "output";
    case SectionKind::kFunction:
      return "function";
    case SectionKind::kRemainder:
      return "remainder";
    case SectionKind::kJumpTable:
      return "jump-table";
    case SectionKind::kUnwind:
      return "unwind";
    case SectionKind::kStubs:
      return "stubs";
    case SectionKind::kMade:
      return "made";
  }
  return "";
}

}  // namespace relink
