// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/made_file.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <variant>

#include "relink/arch/target.h"
#include "relink/elf/constants.h"
#include "relink/elf/records.h"
#include "relink/elf/symbol_name.h"
#include "relink/support/status.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;

// What Sym::st_shndx of all definitions is; only that it is none matters.
constexpr uint16_t kSomeSection = 1;

class FileMaker {
 public:
  FileMaker(LinkedObjects& linked, LinkAddr begin)
      : linked_(linked), begin_(begin) {}

  std::vector<std::byte> Make() {
    bytes_.resize(sizeof(elf::Ehdr<Elf>) + sizeof(elf::Phdr<Elf>));
    AddSymbols();
    AddRelocations();
    AddHeaders();
    return std::move(bytes_);
  }

 private:
  struct Definition {
    SymbolId symbol_id;
    uint32_t hash = 0;
    uint32_t bucket = 0;
  };

  Module& module() { return linked_.graph->modules[linked_.module_id]; }
  const Section& section(SectionId id) const {
    return linked_.graph->sections[id];
  }

  template <typename T>
  LinkAddr Append(std::span<const T> records) {
    bytes_.resize(AlignUp(bytes_.size(), sizeof(uint64_t)));
    const LinkAddr at = begin_ + bytes_.size();
    const auto added = std::as_bytes(records);
    bytes_.insert(bytes_.end(), added.begin(), added.end());
    return at;
  }

  // Undefined ones first, as the hash table wants it, those with stubs before
  // others.
  void AddSymbols() {
    symbols_.emplace_back();
    names_.push_back('\0');
    for (const auto* ids : {&linked_.undefined, &linked_.undefined_tls}) {
      for (const uint32_t id : *ids) AddSymbol(linked_.symbol_ids[id]);
    }
    std::vector<Definition> definitions;
    for (const SymbolId id : linked_.symbol_ids) {
      if (!id.has_value() || !linked_.graph->symbols[id].exported) continue;
      definitions.push_back(
          {id, elf::GnuHash(Ref(linked_.graph->symbols[id].name))});
    }
    const auto buckets =
        static_cast<uint32_t>(std::max<size_t>(definitions.size() / 2, 1));
    for (Definition& definition : definitions) {
      definition.bucket = definition.hash % buckets;
    }
    std::ranges::stable_sort(definitions, {}, &Definition::bucket);
    const auto first = static_cast<uint32_t>(symbols_.size());
    for (const Definition& definition : definitions) {
      AddSymbol(definition.symbol_id);
    }
    elf::Dynamic& dynamic = module().dynamic;
    dynamic.symtab = Append<elf::Sym<Elf>>(symbols_);
    dynamic.strtab = {Append<char>(names_), names_.size()};
    AddHashTable(definitions, first, buckets);
  }

  void AddSymbol(SymbolId id) {
    Symbol& symbol = linked_.graph->symbols[id];
    symbol.dynamic_index = static_cast<uint32_t>(symbols_.size());
    elf::Sym<Elf>& entry = symbols_.emplace_back();
    entry.st_name = static_cast<uint32_t>(names_.size());
    names_.append(symbol.name.data(), symbol.name.size());
    names_.push_back('\0');
    entry.st_size = symbol.size;
    entry.st_other = symbol.visibility;
    uint8_t type = symbol.type;
    if (const auto* place = std::get_if<InSection>(&symbol.definition)) {
      const Section& home = section(place->section_id);
      const bool tls = home.memory_class == MemoryClass::kTls;
      entry.st_shndx = kSomeSection;
      entry.st_value = tls ? linked_.BlockOffset(*place)
                           : (home.home.begin + place->offset).value();
      if (tls) type = elf::kSttTls;
    } else if (const auto* known = std::get_if<External>(&symbol.definition)) {
      entry.st_shndx = elf::kShnAbs;
      entry.st_value = known->address.value();
    }
    entry.st_info = static_cast<uint8_t>(symbol.bind << 4 | type);
  }

  void AddHashTable(std::span<const Definition> definitions, uint32_t first,
                    uint32_t bucket_count) {
    constexpr uint32_t kShift = 26;
    constexpr size_t kBits = 64;
    // Twelve bits for each, as linkers take.
    const size_t words =
        std::bit_ceil(definitions.size() * 12 / kBits + size_t{1});
    std::vector<uint64_t> filter(words);
    std::vector<uint32_t> buckets(bucket_count);
    std::vector<uint32_t> chain;
    for (size_t i = 0; i < definitions.size(); ++i) {
      const auto& [id, hash, bucket] = definitions[i];
      filter[hash / kBits % words] |=
          uint64_t{1} << hash % kBits | uint64_t{1} << (hash >> kShift) % kBits;
      if (buckets[bucket] == 0) {
        buckets[bucket] = first + static_cast<uint32_t>(i);
      }
      const bool last =
          i + 1 == definitions.size() || definitions[i + 1].bucket != bucket;
      chain.push_back((hash & ~uint32_t{1}) | (last ? 1 : 0));
    }
    elf::GnuHashHeader<Elf> header;
    header.nbuckets = bucket_count;
    header.symoffset = first;
    header.bloom_size = static_cast<uint32_t>(words);
    header.bloom_shift = kShift;
    module().dynamic.gnu_hash =
        Append<elf::GnuHashHeader<Elf>>(std::span(&header, 1));
    // Each is a multiple of the alignment but the last, so nothing is between.
    Append<uint64_t>(filter);
    buckets.insert(buckets.end(), chain.begin(), chain.end());
    Append<uint32_t>(buckets);
  }

  void AddRelocations() {
    std::vector<elf::Rela<Elf>> table;
    for (const DynamicRelocation& relocation : linked_.relocations) {
      elf::Rela<Elf>& entry = table.emplace_back();
      entry.r_offset =
          (section(relocation.section_id).home.begin + relocation.offset)
              .value();
      uint64_t index = 0;
      if (relocation.symbol != GroupSymbol::kNone) {
        const SymbolId id = linked_.symbol_ids[relocation.symbol];
        index = linked_.graph->symbols[id].dynamic_index;
      }
      entry.r_info = index << 32 | relocation.rule->r_type;
      int64_t addend = relocation.addend;
      if (relocation.addend_section_id.has_value()) {
        addend += static_cast<int64_t>(
            section(relocation.addend_section_id).home.begin.value());
      }
      entry.r_addend = addend;
    }
    if (table.empty()) return;
    module().dynamic.rela.addr = Append<elf::Rela<Elf>>(table);
    module().dynamic.rela.size = table.size() * sizeof(elf::Rela<Elf>);
  }

  void AddHeaders() {
    elf::Ehdr<Elf> header{};
    constexpr uint8_t kMagic[] = {0x7f, 'E', 'L', 'F'};
    std::ranges::copy(kMagic, header.e_ident);
    header.e_ident[elf::kEiClass] = linked_.target->elf_class;
    header.e_ident[elf::kEiData] = linked_.target->byte_order;
    header.e_ident[elf::kEiVersion] = elf::kEvCurrent;
    header.e_type = elf::kEtDyn;
    header.e_machine = linked_.target->machine;
    header.e_version = elf::kEvCurrent;
    header.e_phoff = sizeof(header);
    header.e_ehsize = sizeof(header);
    header.e_phentsize = sizeof(elf::Phdr<Elf>);
    header.e_phnum = 1;
    elf::Phdr<Elf> segment{};
    segment.p_type = elf::kPtLoad;
    segment.p_flags = elf::kPfR;
    segment.p_vaddr = begin_.value();
    segment.p_filesz = bytes_.size();
    segment.p_memsz = bytes_.size();
    std::memcpy(bytes_.data(), &header, sizeof(header));
    std::memcpy(bytes_.data() + sizeof(header), &segment, sizeof(segment));
  }

  LinkedObjects& linked_;
  LinkAddr begin_;
  std::vector<std::byte> bytes_;
  std::vector<elf::Sym<Elf>> symbols_;
  std::string names_;
};

}  // namespace

std::vector<std::byte> MakeFile(LinkedObjects& linked, LinkAddr begin) {
  return FileMaker(linked, begin).Make();
}

}  // namespace relink
