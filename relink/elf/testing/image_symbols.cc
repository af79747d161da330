// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/image_symbols.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "relink/elf/symbol_name.h"

namespace relink::elf {
namespace {

StringRef Ref(const std::string& text) {
  return StringRef(text.data(), text.size());
}

Place Find(const PlaceMap& places, const char* name) {
  auto found = places.find(name);
  return found == places.end() ? Place() : found->second;
}

const char* SectionOf(Area area) {
  switch (area) {
    case Area::kAbsolute:
    case Area::kUndefined:
      return "";
    case Area::kText:
      return ".text";
    case Area::kInitArray:
      return ".init_array";
    case Area::kFiniArray:
      return ".fini_array";
    case Area::kRelro:
      return ".got";
    case Area::kData:
      return ".data";
    case Area::kBss:
      return ".bss";
    case Area::kTls:
      return ".tdata";
  }
  return "";
}

uint16_t SectionIndex(Area area, const PlaceMap& places) {
  if (area == Area::kAbsolute) return kShnAbs;
  if (area == Area::kUndefined) return kShnUndef;
  return Find(places, SectionOf(area)).section;
}

// The DT_VERSYM entry of `symbol`.
uint16_t VersionIndex(const ImageSpec& spec, const ImageSymbol& symbol) {
  if (symbol.bind == kStbLocal) return kVerNdxLocal;
  if (symbol.version.empty()) return kVerNdxGlobal;
  uint16_t index = 2;
  for (const std::string& version : spec.versions) {
    if (symbol.area != Area::kUndefined && version == symbol.version) {
      return index | (symbol.hidden ? kVersymHidden : 0);
    }
    ++index;
  }
  for (const ImageNeed& need : spec.needs) {
    for (const std::string& version : need.versions) {
      if (symbol.area == Area::kUndefined && version == symbol.version) {
        return index;
      }
      ++index;
    }
  }
  return kVerNdxGlobal;
}

template <class E>
Bytes MakeGnuHash(std::span<const ImageSymbol> hashed, uint32_t bucket_count,
                  uint32_t first) {
  constexpr uint32_t kShift = 6;
  constexpr uint32_t kBits = E::kIs64 ? 64 : 32;
  uint32_t bloom_size = 1;
  while (bloom_size * kBits < hashed.size() * 8) bloom_size *= 2;
  std::vector<typename E::Native> bloom(bloom_size);
  std::vector<uint32_t> buckets(bucket_count), chain(hashed.size());
  for (uint32_t i = 0; i < hashed.size(); ++i) {
    const uint32_t hash = GnuHash(Ref(hashed[i].name));
    auto& word = bloom[hash / kBits % bloom_size];
    word |= typename E::Native{1} << hash % kBits;
    word |= typename E::Native{1} << (hash >> kShift) % kBits;
    uint32_t& bucket = buckets[hash % bucket_count];
    if (bucket == 0) bucket = first + i;
    const bool last =
        i + 1 == hashed.size() ||
        GnuHash(Ref(hashed[i + 1].name)) % bucket_count != hash % bucket_count;
    chain[i] = last ? hash | 1 : hash & ~1u;
  }
  Bytes out;
  Append(&out, GnuHashHeader<E>{bucket_count, first, bloom_size, kShift});
  for (auto word : bloom) Append(&out, typename E::Addr(word));
  for (uint32_t bucket : buckets) Append(&out, typename E::Word(bucket));
  for (uint32_t entry : chain) Append(&out, typename E::Word(entry));
  return out;
}

template <class E>
Bytes MakeSysvHash(std::span<const ImageSymbol> symbols) {
  const auto bucket_count =
      static_cast<uint32_t>(std::max<size_t>(1, symbols.size() / 2));
  std::vector<uint32_t> buckets(bucket_count), chain(symbols.size() + 1);
  for (uint32_t i = 1; i <= symbols.size(); ++i) {
    if (symbols[i - 1].bind == kStbLocal) continue;
    uint32_t& bucket =
        buckets[SysvHash(Ref(symbols[i - 1].name)) % bucket_count];
    chain[i] = std::exchange(bucket, i);
  }
  Bytes out;
  Append(&out, typename E::Word(bucket_count));
  Append(&out, typename E::Word(static_cast<uint32_t>(chain.size())));
  for (uint32_t bucket : buckets) Append(&out, typename E::Word(bucket));
  for (uint32_t entry : chain) Append(&out, typename E::Word(entry));
  return out;
}

}  // namespace

uint32_t StringTable::Add(const std::string& text) {
  if (text.empty()) return 0;
  auto [entry, is_new] =
      offsets_.emplace(text, static_cast<uint32_t>(bytes_.size()));
  if (is_new) {
    for (char c : text) bytes_.push_back(static_cast<std::byte>(c));
    bytes_.push_back(std::byte{0});
  }
  return entry->second;
}

uint64_t AddressIn(Area area, uint64_t offset, const PlaceMap& places) {
  if (area == Area::kUndefined) return 0;
  if (area == Area::kAbsolute || area == Area::kTls) return offset;
  return Find(places, SectionOf(area)).addr + offset;
}

template <class E>
SymbolTables MakeSymbolTables(const ImageSpec& spec, const PlaceMap& places,
                              StringTable* strings) {
  // Locals, then what is only referred to, then what is hashed, by bucket.
  std::vector<ImageSymbol> symbols = spec.symbols;
  auto middle = std::stable_partition(
      symbols.begin(), symbols.end(),
      [](const ImageSymbol& s) { return s.bind == kStbLocal; });
  const auto local_count = static_cast<uint32_t>(middle - symbols.begin());
  middle = std::stable_partition(
      middle, symbols.end(),
      [](const ImageSymbol& s) { return s.area == Area::kUndefined; });
  const auto bucket_count =
      static_cast<uint32_t>((symbols.end() - middle) / 3 + 1);
  std::stable_sort(middle, symbols.end(),
                   [&](const ImageSymbol& a, const ImageSymbol& b) {
                     return GnuHash(Ref(a.name)) % bucket_count <
                            GnuHash(Ref(b.name)) % bucket_count;
                   });
  const auto first = static_cast<uint32_t>(middle - symbols.begin());

  SymbolTables tables;
  tables.first_global = local_count + 1;
  Append(&tables.dynsym, Sym<E>{});
  Append(&tables.versym, typename E::Half(kVerNdxLocal));
  for (const ImageSymbol& symbol : symbols) {
    const auto index =
        static_cast<uint32_t>(tables.dynsym.size() / sizeof(Sym<E>));
    tables.index[symbol.name] = index;
    if (!symbol.version.empty()) {
      tables.index[symbol.name + "@" + symbol.version] = index;
    }
    Sym<E> record{};
    record.st_name = strings->Add(symbol.name);
    record.st_info = static_cast<uint8_t>(symbol.bind << 4 | symbol.type);
    record.st_other = symbol.visibility;
    record.st_shndx = SectionIndex(symbol.area, places);
    record.st_value = Word<E>(AddressIn(symbol.area, symbol.offset, places));
    record.st_size = Word<E>(symbol.size);
    Append(&tables.dynsym, record);
    Append(&tables.versym, typename E::Half(VersionIndex(spec, symbol)));
  }
  tables.gnu_hash = MakeGnuHash<E>(std::span(symbols).subspan(first),
                                   bucket_count, first + 1);
  tables.sysv_hash = MakeSysvHash<E>(symbols);
  return tables;
}

template <class E>
Bytes MakeVersionDefinitions(const ImageSpec& spec, StringTable* strings) {
  Bytes out;
  std::vector<std::string> names = {spec.soname};
  names.insert(names.end(), spec.versions.begin(), spec.versions.end());
  for (size_t i = 0; i < names.size(); ++i) {
    Verdef<E> def{};
    def.vd_version = uint16_t{1};
    def.vd_flags = i == 0 ? kVerFlgBase : uint16_t{0};
    def.vd_ndx = static_cast<uint16_t>(i + 1);
    def.vd_cnt = uint16_t{1};
    def.vd_hash = SysvHash(Ref(names[i]));
    def.vd_aux = uint32_t{sizeof(def)};
    def.vd_next = i + 1u == names.size()
                      ? 0u
                      : uint32_t{sizeof(def) + sizeof(Verdaux<E>)};
    Append(&out, def);
    Append(&out, Verdaux<E>{strings->Add(names[i]), 0u});
  }
  return out;
}

template <class E>
Bytes MakeVersionNeeds(const ImageSpec& spec, StringTable* strings) {
  Bytes out;
  auto index = static_cast<uint16_t>(2 + spec.versions.size());
  for (const ImageNeed& need : spec.needs) {
    const auto count = static_cast<uint16_t>(need.versions.size());
    Verneed<E> record{};
    record.vn_version = uint16_t{1};
    record.vn_cnt = count;
    record.vn_file = strings->Add(need.file);
    record.vn_aux = uint32_t{sizeof(record)};
    record.vn_next = &need == &spec.needs.back()
                         ? 0u
                         : static_cast<uint32_t>(sizeof(record) +
                                                 count * sizeof(Vernaux<E>));
    Append(&out, record);
    for (const std::string& version : need.versions) {
      Vernaux<E> aux{};
      aux.vna_hash = SysvHash(Ref(version));
      aux.vna_other = index++;
      aux.vna_name = strings->Add(version);
      aux.vna_next =
          &version == &need.versions.back() ? 0u : uint32_t{sizeof(aux)};
      Append(&out, aux);
    }
  }
  return out;
}

#define RELINK_INSTANTIATE(E)                                                  \
  template SymbolTables MakeSymbolTables<E>(const ImageSpec&, const PlaceMap&, \
                                            StringTable*);                     \
  template Bytes MakeVersionDefinitions<E>(const ImageSpec&, StringTable*);    \
  template Bytes MakeVersionNeeds<E>(const ImageSpec&, StringTable*)

RELINK_INSTANTIATE(Elf32Le);
RELINK_INSTANTIATE(Elf32Be);
RELINK_INSTANTIATE(Elf64Le);
RELINK_INSTANTIATE(Elf64Be);

}  // namespace relink::elf
