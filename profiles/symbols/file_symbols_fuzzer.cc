// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "profiles/symbols/file_symbols.h"
#include "relink/support/byte_view.h"

// A file; its functions are sorted and do not overlap.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::profiles;  // NOLINT: a function of a few lines
  const auto symbols = FileSymbols::Read(relink::ByteView(data, size));
  if (!symbols.ok()) return 0;
  const NamedFunction* last = nullptr;
  for (const NamedFunction& function : symbols->functions()) {
    if (last != nullptr && function.range.begin <= last->range.begin) {
      __builtin_trap();
    }
    if (last != nullptr && last->range.Contains(function.range.begin)) {
      __builtin_trap();
    }
    last = &function;
  }
  return 0;
}
