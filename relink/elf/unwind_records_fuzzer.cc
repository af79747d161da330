// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/testing/packed_tables.h"
#include "relink/elf/unwind_records.h"

namespace {

using namespace relink::elf;  // NOLINT: a test of that folder
using relink::LinkRange;

// What a reader of the records relies on.
void Require(bool holds) {
  if (!holds) __builtin_trap();
}

void Check(const EncodedPointer& pointer, LinkRange record) {
  Require(!pointer.present() || pointer.at < record.size);
}

template <class E>
void ReadAll(relink::ByteView bytes) {
  const relink::LinkAddr begin(PackedTables<E>::kAddr);
  const LinkRange all{begin, bytes.size()};
  UnwindRecords<E> records(bytes, begin);
  for (;;) {
    const auto next = records.Next();
    if (!next.ok() || *next == nullptr) return;
    const FrameRecord frame = **next;
    Require(all.Contains(frame.record));
    const auto again = UnwindRecords<E>(bytes, begin).Read(frame.record.begin);
    Require(again.ok() && again->code == frame.code);
    if (frame.problem != nullptr) continue;
    const CommonRecord& common = frame.common;
    Require(frame.record.Contains(frame.instructions));
    Require(all.Contains(common.record));
    Require(common.record.Contains(common.instructions));
    Check(frame.code_pointer, frame.record);
    Check(frame.lsda, frame.record);
    Check(common.personality, common.record);
  }
}

}  // namespace

// The bytes of .eh_frame, perhaps with .eh_frame_hdr in front.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr size_t kHeaderSize = 20;  // With one entry, as in the seeds.
  for (const size_t skipped : {size_t{0}, kHeaderSize}) {
    if (skipped > size) continue;
    const relink::ByteView bytes(data + skipped, size - skipped);
    ReadAll<Elf32Le>(bytes);
    ReadAll<Elf32Be>(bytes);
    ReadAll<Elf64Le>(bytes);
    ReadAll<Elf64Be>(bytes);
  }
  return 0;
}
