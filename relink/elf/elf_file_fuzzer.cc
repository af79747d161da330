// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/testing/walk_image.h"

// Header, segments, sections, names, contents, notes and unwind information of
// a file of any class and byte order.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::elf;  // NOLINT: a function of a few lines
  const relink::ByteView file(data, size);
  Walk walk;
  WalkUnloaded<Elf32Le>(file, &walk);
  WalkUnloaded<Elf32Be>(file, &walk);
  WalkUnloaded<Elf64Le>(file, &walk);
  WalkUnloaded<Elf64Be>(file, &walk);
  return 0;
}
