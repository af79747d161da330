// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/walk_image.h"

// The dynamic table of a file and all that it names: symbols, hash lookups,
// versions and relocations.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::elf;  // NOLINT: a function of one line each
  const relink::ByteView file(data, size);
  Walk walk;
  WalkLoaded<Elf32Le>(file, &walk);
  WalkLoaded<Elf32Be>(file, &walk);
  WalkLoaded<Elf64Le>(file, &walk);
  WalkLoaded<Elf64Be>(file, &walk);
  return 0;
}
