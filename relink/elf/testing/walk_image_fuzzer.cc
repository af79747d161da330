// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/testing/walk_image.h"

// A whole file: from the ELF header to the dynamic table and all that it names.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::elf;  // NOLINT: a function of a few lines
  const relink::ByteView file(data, size);
  Walk walk;
  WalkLoaded<Elf32Le>(file, &walk);
  WalkLoaded<Elf32Be>(file, &walk);
  WalkLoaded<Elf64Le>(file, &walk);
  WalkLoaded<Elf64Be>(file, &walk);
  return 0;
}
