// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/notes.h"
#include "relink/elf/testing/walk.h"

// A note section by itself, in both byte orders and alignments.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::elf;  // NOLINT: a function of a few lines
  const relink::ByteView bytes(data, size);
  Walk walk;
  auto read = [&](const Note& note) {
    walk.Read(note.name);
    walk.Read(note.description);
  };
  for (uint64_t alignment : {4, 8}) {
    walk.Ok(ForEachNote<Elf64Le>(bytes, alignment, read));
    walk.Ok(ForEachNote<Elf32Be>(bytes, alignment, read));
  }
  return 0;
}
