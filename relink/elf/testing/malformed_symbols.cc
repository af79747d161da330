// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

using Elf = Image<Elf64Le>;
using Word = Elf64Le::Word;
constexpr ErrorCode kMalformed = ErrorCode::kMalformed;
constexpr ErrorCode kOutOfRange = ErrorCode::kOutOfRange;

void AddSymbolTable(MalformedList* list) {
  const uint64_t size = list->base().place(".dynstr").size;
  for (uint64_t offset : {size, uint64_t{UINT32_MAX}}) {
    for (const char* name : {"answer", "getpid"}) {
      list->Unusable(absl::StrCat(name, ": st_name 0x", absl::Hex(offset)),
                     [&](Elf& f) {
                       f.symbol(name).st_name = static_cast<uint32_t>(offset);
                     });
    }
    list->Odd(absl::StrCat("zeroed: st_name 0x", absl::Hex(offset)),
              [&](Elf& f) {
                f.symbol("zeroed").st_name = static_cast<uint32_t>(offset);
              });
  }
  list->Unusable("answer: undefined after all", [](Elf& f) {
    f.symbol("answer").st_shndx = kShnUndef;
    f.symbol("answer").st_value = uint64_t{0};
  });
  for (unsigned type : {kSttSection, kSttFile, uint8_t{15}}) {
    list->Unusable(absl::StrCat("answer: type ", type), [=](Elf& f) {
      f.symbol("answer").st_info = static_cast<uint8_t>(kStbGlobal << 4 | type);
    });
  }
  for (unsigned bind : {3, 15}) {
    list->Unusable(absl::StrCat("answer: binding ", bind), [=](Elf& f) {
      f.symbol("answer").st_info = static_cast<uint8_t>(bind << 4 | kSttFunc);
    });
  }
  list->Odd("zeroed: st_size 2^64 - 1",
            [](Elf& f) { f.symbol("zeroed").st_size = UINT64_MAX; });
  list->Odd("counter: st_value past the TLS segment",
            [](Elf& f) { f.symbol("counter").st_value = uint64_t{1} << 40; });
  for (const BadAddress& bad : kBadAddresses) {
    list->Odd(absl::StrCat("answer: st_value ", bad.name),
              [&](Elf& f) { f.symbol("answer").st_value = bad.addr; });
  }
  for (unsigned index : {0x7fffu, 0xff05u, unsigned{kShnAbs},
                         unsigned{kShnCommon}, unsigned{kShnXindex}}) {
    list->Odd(absl::StrCat("answer: st_shndx 0x", absl::Hex(index)),
              [=](Elf& f) {
                f.symbol("answer").st_shndx = static_cast<uint16_t>(index);
              });
  }
  list->Odd("symbol 0: not empty", [](Elf& f) {
    f.At<Sym<Elf64Le>>(".dynsym", 0) = f.symbol("answer");
  });
}

// Every bucket, or every entry of the chain.
void FillBuckets(Elf& f, uint32_t value) {
  const auto& header =
      f.At<GnuHashHeader<Elf64Le>>(f.place(".gnu.hash").offset);
  const uint64_t first = 4 + 2 * header.bloom_size;
  for (uint64_t i = 0; i < header.nbuckets; ++i) {
    f.At<Word>(".gnu.hash", first + i) = value;
  }
}
void MaskChain(Elf& f, uint32_t keep) {
  const auto& header =
      f.At<GnuHashHeader<Elf64Le>>(f.place(".gnu.hash").offset);
  const uint64_t words = f.place(".gnu.hash").size / sizeof(Word);
  for (uint64_t i = 4 + 2 * header.bloom_size + header.nbuckets; i < words;
       ++i) {
    Word& entry = f.At<Word>(".gnu.hash", i);
    entry = entry & keep;
  }
}

void AddGnuHash(MalformedList* list) {
  auto header = [](Elf& f) -> GnuHashHeader<Elf64Le>& {
    return f.At<GnuHashHeader<Elf64Le>>(f.place(".gnu.hash").offset);
  };
  auto name = [](const char* what, uint64_t value) {
    return absl::StrCat("DT_GNU_HASH: ", what, " 0x", absl::Hex(value));
  };
  for (uint32_t value : {1000u, 0x80000000u, UINT32_MAX}) {
    list->Refused(name("nbuckets", value), kOutOfRange, "DT_GNU_HASH",
                  [=](Elf& f) { header(f).nbuckets = value; });
  }
  for (uint32_t value : {0u, 3u, 0x7fffffffu, UINT32_MAX}) {
    list->Refused(name("bloom_size", value), kMalformed, "DT_GNU_HASH",
                  [=](Elf& f) { header(f).bloom_size = value; });
  }
  for (uint32_t value : {0x400u, 0x40000000u, 0x80000000u}) {
    list->Refused(name("bloom_size", value), kOutOfRange, "DT_GNU_HASH",
                  [=](Elf& f) { header(f).bloom_size = value; });
  }
  for (uint32_t value : {32u, 64u, UINT32_MAX}) {
    list->Refused(name("bloom_shift", value), kMalformed, "DT_GNU_HASH",
                  [=](Elf& f) { header(f).bloom_shift = value; });
  }
  list->Refused("DT_GNU_HASH: header cut by the end of the segment",
                kOutOfRange, nullptr, [](Elf& f) {
                  f.dynamic(kDtGnuHash).d_val = f.segment(kPtLoad).p_memsz - 12;
                });
  list->Unusable("DT_GNU_HASH: no buckets",
                 [=](Elf& f) { header(f).nbuckets = 0u; });
  for (uint32_t value : {0u, 9u, UINT32_MAX}) {
    list->Unusable(name("symoffset", value),
                   [=](Elf& f) { header(f).symoffset = value; });
  }
  list->Unusable("DT_GNU_HASH: empty filter", [=](Elf& f) {
    for (uint64_t i = 0; i < 2 * header(f).bloom_size; ++i) {
      f.At<Word>(".gnu.hash", 4 + i) = 0u;
    }
  });
  for (uint32_t bucket : {0u, 1u, 0x7fffffffu, UINT32_MAX}) {
    list->Unusable(name("every bucket", bucket),
                   [=](Elf& f) { FillBuckets(f, bucket); });
  }
  list->Unusable("DT_GNU_HASH: chains of zeros",
                 [](Elf& f) { MaskChain(f, 0); });
  list->Odd("DT_GNU_HASH: chains without an end",
            [](Elf& f) { MaskChain(f, ~1u); });
}

}  // namespace

void AddMalformedSymbols(MalformedList* list) {
  AddSymbolTable(list);
  AddGnuHash(list);
}

void AddMalformedSysvHash(MalformedList* list) {
  auto word = [](Elf& f, uint64_t i) -> Word& {
    return f.At<Word>(".hash", i);
  };
  for (uint32_t value : {1000u, 0x80000000u, UINT32_MAX}) {
    list->Refused(absl::StrCat("DT_HASH: nbucket 0x", absl::Hex(value)),
                  kOutOfRange, "DT_HASH", [=](Elf& f) { word(f, 0) = value; });
    list->Refused(absl::StrCat("DT_HASH: nchain 0x", absl::Hex(value)),
                  kOutOfRange, "DT_HASH", [=](Elf& f) { word(f, 1) = value; });
  }
  list->Refused("DT_HASH: nbucket and nchain that add up to 2^32", kOutOfRange,
                "DT_HASH", [=](Elf& f) {
                  word(f, 0) = 0x80000000u;
                  word(f, 1) = 0x80000000u;
                });
  list->Refused("DT_HASH: cut by the end of the segment", kOutOfRange, nullptr,
                [](Elf& f) {
                  f.dynamic(kDtHash).d_val = f.segment(kPtLoad).p_memsz - 4;
                });
  for (const BadAddress& bad : kBadAddresses) {
    list->Refused(absl::StrCat("DT_HASH: ", bad.name), kOutOfRange, nullptr,
                  [&](Elf& f) { f.dynamic(kDtHash).d_val = bad.addr; });
  }
  list->Unusable("DT_HASH: no buckets", [=](Elf& f) { word(f, 0) = 0u; });
  list->Unusable("DT_HASH: no chain", [=](Elf& f) { word(f, 1) = 0u; });
  auto fill_buckets = [=](Elf& f, uint32_t symbol) {
    for (uint32_t i = 0; i < word(f, 0); ++i) word(f, 2 + i) = symbol;
  };
  for (uint32_t bucket : {0u, 0x7fffffffu, UINT32_MAX}) {
    list->Unusable(absl::StrCat("DT_HASH: every bucket 0x", absl::Hex(bucket)),
                   [=](Elf& f) { fill_buckets(f, bucket); });
  }
  list->Unusable("DT_HASH: a chain that is its own next", [=](Elf& f) {
    const uint32_t zeroed = f.index.at("zeroed");
    fill_buckets(f, zeroed);
    word(f, 2 + word(f, 0) + zeroed) = zeroed;
  });
  list->Unusable("DT_HASH: a chain that loops over two", [=](Elf& f) {
    const uint32_t a = f.index.at("zeroed");
    const uint32_t b = f.index.at("counter");
    fill_buckets(f, a);
    word(f, 2 + word(f, 0) + a) = b;
    word(f, 2 + word(f, 0) + b) = a;
  });
  list->Unusable("DT_HASH: a chain that leaves the table", [=](Elf& f) {
    const uint32_t zeroed = f.index.at("zeroed");
    fill_buckets(f, zeroed);
    word(f, 2 + word(f, 0) + zeroed) = UINT32_MAX;
  });
}

}  // namespace relink::elf
