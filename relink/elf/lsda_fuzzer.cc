// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/lsda.h"

namespace {

template <class E>
void Read(relink::ByteView bytes) {
  const relink::LinkAddr begin(0x1000);
  const auto lsda = relink::elf::ReadLsda<E>(bytes, begin);
  if (!lsda.ok()) return;
  if (!relink::LinkRange{begin, bytes.size()}.Contains(lsda->call_sites)) {
    __builtin_trap();
  }
}

}  // namespace

// The bytes of .gcc_except_table.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const relink::ByteView bytes(data, size);
  Read<relink::elf::Elf32Le>(bytes);
  Read<relink::elf::Elf32Be>(bytes);
  Read<relink::elf::Elf64Le>(bytes);
  Read<relink::elf::Elf64Be>(bytes);
  return 0;
}
