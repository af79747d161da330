// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/archive.h"

// A library of object files, all of its members and its index.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using relink::elf::Archive;
  const auto archive = Archive::Parse(relink::ByteView(data, size));
  if (!archive.ok()) return 0;
  uint64_t sum = 0;
  const auto read = [&](uint64_t at) -> uint64_t {
    const auto member = archive->At(at);
    if (!member.ok()) return UINT64_MAX;
    for (const char c : member->name) sum += static_cast<uint8_t>(c);
    for (const std::byte b : member->contents.bytes()) {
      sum += static_cast<uint8_t>(b);
    }
    if (member->next <= at) __builtin_trap();  // Or a walk would not end.
    return member->next;
  };
  for (uint64_t at = archive->first(); !archive->IsEnd(at);) at = read(at);
  (void)archive->ForEachSymbol(
      [&](relink::StringRef, uint64_t at) { (void)read(at); });
  return sum == UINT64_MAX ? 1 : 0;
}
