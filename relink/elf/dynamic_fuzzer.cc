// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/testing/packed_tables.h"
#include "relink/elf/testing/walk_tables.h"

// A dynamic table and all that it names.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::elf;  // NOLINT: a function of a few lines
  ForEachPacked(data, size, []<class E>(const PackedTables<E>& tables) {
    Walk walk;
    WalkDynamic(tables.view(), tables.table(), &walk);
  });
  return 0;
}
