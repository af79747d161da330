// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/testing/packed_tables.h"
#include "relink/elf/testing/walk_tables.h"

// Version definitions and needs.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::elf;  // NOLINT: a function of a few lines
  ForEachPacked(data, size, []<class E>(const PackedTables<E>& tables) {
    Walk walk;
    const auto dynamic = tables.dynamic();
    if (walk.Ok(dynamic)) WalkVersions(tables.view(), *dynamic, &walk);
  });
  return 0;
}
