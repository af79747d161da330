// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/eh_frame.h"
#include "relink/elf/testing/packed_tables.h"

// A segment that begins with .eh_frame_hdr.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::elf;  // NOLINT: a function of a few lines
  ForEachPacked(data, size, [&]<class E>(const PackedTables<E>& packed) {
    const relink::LinkAddr begin(PackedTables<E>::kAddr);
    const auto frame = FindEhFrame<E>(packed.view(), {begin, size});
    // Unwinders read what it found without looking at it again.
    if (!frame.ok()) return;
    const auto records =
        packed.view().Slice(frame->records.begin, frame->records.size);
    if (!records.ok()) __builtin_trap();
  });
  return 0;
}
