// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "profiles/perf/moved_code.h"

// Lines of a file of moved code; what is taken of them fits into memory and
// names a file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::profiles;  // NOLINT: a function of a few lines
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const auto range = ParseMovedRange(line);
    if (!range) continue;
    if (range->memory.size == 0 || range->path.empty() ||
        range->memory.end() < range->memory.begin) {
      __builtin_trap();
    }
  }
  return 0;
}
