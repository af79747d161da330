// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>

#include "relink/elf/hash_table.h"

namespace {

using relink::ByteView;
using relink::elf::Elf32Be;
using relink::elf::Elf64Le;
using relink::elf::GnuHashTable;
using relink::elf::SysvHashTable;

// Finds every hash of a small range, and each that the table names.
template <class E>
uint64_t Walk(ByteView bytes) {
  constexpr uint32_t kHashes = 32;
  uint64_t sum = 0;
  const auto reject = [&](uint32_t index) {
    sum += index;
    return false;
  };
  const auto gnu = GnuHashTable<E>::Parse(bytes);
  if (gnu.ok()) {
    for (uint32_t hash = 0; hash < kHashes; ++hash) gnu->Find(hash, reject);
    const auto hashes = gnu->hashes();
    for (size_t i = 0; i < hashes.size(); ++i) {
      sum += hashes[i];
      if (i < kHashes) gnu->Find(hashes[i], reject);
    }
  }
  const auto sysv = SysvHashTable<E>::Parse(bytes);
  if (sysv.ok()) {
    sum += sysv->symbol_count();
    for (uint32_t hash = 0; hash < kHashes; ++hash) sysv->Find(hash, reject);
  }
  return sum;
}

}  // namespace

// A hash table of either kind by itself.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Walk<Elf64Le>({data, size});
  Walk<Elf32Be>({data, size});
  return 0;
}
