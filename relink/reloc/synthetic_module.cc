// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/synthetic_module.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/symbol_name.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using elf::Sym;

// Where the tables say they are; only DT_* entries would speak of it.
constexpr LinkAddr kTables(0x1000);
// From 0xff00 on, with the hidden bit, version indices are reserved.
constexpr uint16_t kFirstVersion = 2;
constexpr uint16_t kVersionLimit = 0x7f00;
// How far apart the two bits of a symbol in the Bloom filter are taken from its
// hash; what lld uses.
constexpr uint32_t kBloomShift = 26;

uint8_t TypeOf(SyntheticModule::Kind kind) {
  switch (kind) {
    case SyntheticModule::Kind::kFunction:
      return elf::kSttFunc;
    case SyntheticModule::Kind::kObject:
      return elf::kSttObject;
    case SyntheticModule::Kind::kIndirectFunction:
      return elf::kSttGnuIfunc;
  }
  return elf::kSttNotype;
}

// Appends records, and says at which link address they lie.
class TableWriter {
 public:
  explicit TableWriter(std::vector<std::byte>& bytes) : bytes_(bytes) {}

  template <typename T>
  LinkAddr Append(std::span<const T> records) {
    const auto raw = std::as_bytes(records);
    const LinkAddr at = kTables + bytes_.size();
    bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    return at;
  }
  // The string's offset, when all before it are strings.
  uint32_t AppendString(absl::string_view text) {
    const auto offset = static_cast<uint32_t>(bytes_.size());
    Append(std::span<const char>(text.data(), text.size()));
    bytes_.push_back(std::byte{0});
    return offset;
  }

 private:
  std::vector<std::byte>& bytes_;
};

// DT_GNU_HASH of the symbols from index 1 on, whose hashes are in the order of
// their buckets.
LinkAddr AppendGnuHash(std::span<const uint32_t> hashes, uint32_t bucket_count,
                       TableWriter& writer) {
  using E = NativeElf;
  constexpr uint32_t kBits = 64;
  // At least eight bits for each symbol.
  std::vector<uint64_t> bloom(std::bit_ceil(hashes.size() / 8 + 1));
  std::vector<E::Word> buckets(bucket_count, E::Word(0));
  std::vector<E::Word> chain;
  for (size_t i = 0; i < hashes.size(); ++i) {
    const uint32_t hash = hashes[i];
    bloom[hash / kBits & (bloom.size() - 1)] |=
        uint64_t{1} << hash % kBits | uint64_t{1}
                                          << (hash >> kBloomShift) % kBits;
    const uint32_t bucket = hash % bucket_count;
    if (buckets[bucket] == 0) buckets[bucket] = static_cast<uint32_t>(i + 1);
    const bool last =
        i + 1 == hashes.size() || hashes[i + 1] % bucket_count != bucket;
    chain.push_back((hash & ~uint32_t{1}) | (last ? 1 : 0));
  }
  const std::vector<E::Addr> filter(bloom.begin(), bloom.end());
  const elf::GnuHashHeader<E> header{
      .nbuckets = bucket_count,
      .symoffset = 1,
      .bloom_size = static_cast<uint32_t>(bloom.size()),
      .bloom_shift = kBloomShift};
  const LinkAddr at = writer.Append(std::span(&header, 1));
  writer.Append(std::span<const E::Addr>(filter));
  writer.Append(std::span<const E::Word>(buckets));
  writer.Append(std::span<const E::Word>(chain));
  return at;
}

elf::Phdr<NativeElf> LoadSegment(LinkAddr at, uint64_t size) {
  elf::Phdr<NativeElf> segment{};
  segment.p_type = elf::kPtLoad;
  segment.p_vaddr = at.value();
  segment.p_memsz = size;
  return segment;
}

// The memory from the first of `segments` to the end of the last.
elf::AddressView<NativeElf> MemoryOf(
    std::span<const elf::Phdr<NativeElf>> segments) {
  if (segments.empty()) return {};
  uint64_t begin = UINT64_MAX;
  uint64_t end = 0;
  for (const elf::Phdr<NativeElf>& segment : segments) {
    begin = std::min<uint64_t>(begin, segment.p_vaddr);
    end = std::max<uint64_t>(end, segment.p_vaddr + segment.p_memsz);
  }
  return elf::AddressView<NativeElf>::OfImage(
      segments, ByteView(reinterpret_cast<const void*>(begin), end - begin),
      LinkAddr(begin));
}

}  // namespace

SyntheticModule::Builder& SyntheticModule::Builder::Add(const Symbol& symbol) {
  entries_.push_back({.name = std::string(symbol.name),
                      .version = std::string(symbol.version),
                      .address = reinterpret_cast<uint64_t>(symbol.address),
                      .size = symbol.size,
                      .kind = symbol.kind,
                      .binding = symbol.binding,
                      .weak = symbol.weak});
  return *this;
}

absl::Status SyntheticModule::Builder::Check(const Entry& entry) {
  if (entry.name.empty()) {
    return absl::InvalidArgumentError("symbol without a name");
  }
  for (const std::string* text : {&entry.name, &entry.version}) {
    if (text->size() > kMaxNameSize) {
      return absl::InvalidArgumentError(
          absl::StrCat(text->substr(0, 32), "...: name of ", text->size(),
                       " bytes is longer than ", kMaxNameSize));
    }
    if (text->find('\0') != std::string::npos) {
      return absl::InvalidArgumentError(
          absl::StrCat(text->c_str(), ": NUL in a name"));
    }
  }
  if (entry.address == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(entry.name, ": address is null"));
  }
  if (entry.size > UINT64_MAX - entry.address) {
    return absl::InvalidArgumentError(
        absl::StrCat(entry.name, ": runs past the end of memory"));
  }
  if (entry.version.empty() && entry.binding == Binding::kHidden) {
    return absl::InvalidArgumentError(
        absl::StrCat(entry.name, ": is hidden, but has no version"));
  }
  return absl::OkStatus();
}

absl::Status SyntheticModule::Builder::CheckUnique() const {
  std::vector<const Entry*> by_name;
  for (const Entry& entry : entries_) by_name.push_back(&entry);
  std::ranges::sort(by_name, {}, [](const Entry* entry) {
    return std::pair<absl::string_view, absl::string_view>(entry->name,
                                                           entry->version);
  });
  const Entry* with_default = nullptr;
  for (size_t i = 0; i < by_name.size(); ++i) {
    const Entry& entry = *by_name[i];
    if (i != 0 && by_name[i - 1]->name == entry.name &&
        by_name[i - 1]->version == entry.version) {
      return absl::AlreadyExistsError(
          entry.version.empty() ? absl::StrCat(entry.name, ": is defined twice")
                                : absl::StrCat(entry.name, "@", entry.version,
                                               ": is defined twice"));
    }
    if (entry.binding == Binding::kHidden) continue;
    if (with_default != nullptr && with_default->name == entry.name) {
      return absl::AlreadyExistsError(
          absl::StrCat(entry.name, ": has two default versions"));
    }
    with_default = &entry;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::map<std::string, uint16_t>>
SyntheticModule::Builder::NumberVersions() const {
  std::map<std::string, uint16_t> versions;
  for (const Entry& entry : entries_) {
    if (entry.version.empty()) continue;
    const size_t next = kFirstVersion + versions.size();
    if (versions.contains(entry.version)) continue;
    if (next >= kVersionLimit) {
      return absl::OutOfRangeError(absl::StrCat(
          "more than ", kVersionLimit - kFirstVersion, " versions"));
    }
    versions.emplace(entry.version, static_cast<uint16_t>(next));
  }
  return versions;
}

uint32_t SyntheticModule::Builder::SortByBucket() {
  const auto count = static_cast<uint32_t>(entries_.size() | 1);
  std::ranges::stable_sort(entries_, {}, [count](const Entry& entry) {
    return elf::GnuHash(Ref(entry.name)) % count;
  });
  return count;
}

absl::Status SyntheticModule::Builder::WriteTables(
    const std::map<std::string, uint16_t>& versions, uint32_t bucket_count,
    SyntheticModule& module) const {
  TableWriter writer(module.tables_);
  writer.AppendString("");
  std::vector<uint32_t> version_names(kFirstVersion + versions.size());
  for (const auto& [version, index] : versions) {
    version_names[index] = writer.AppendString(version);
  }
  std::vector<Sym<NativeElf>> symbols(1);
  std::vector<NativeElf::Half> versym = {elf::kVerNdxLocal};
  std::vector<uint32_t> hashes;
  for (const Entry& entry : entries_) {
    Sym<NativeElf> symbol{};
    symbol.st_name = writer.AppendString(entry.name);
    symbol.st_info = static_cast<uint8_t>(
        (entry.weak ? elf::kStbWeak : elf::kStbGlobal) << 4 |
        TypeOf(entry.kind));
    // Any section: the value is an address with a load bias of 0.
    symbol.st_shndx = 1;
    symbol.st_value = entry.address;
    symbol.st_size = entry.size;
    symbols.push_back(symbol);
    unsigned version = elf::kVerNdxGlobal;
    if (!entry.version.empty()) version = versions.at(entry.version);
    if (entry.binding == Binding::kHidden) version |= elf::kVersymHidden;
    versym.emplace_back(static_cast<uint16_t>(version));
    hashes.push_back(elf::GnuHash(Ref(entry.name)));
    if (entry.kind == Kind::kObject && entry.size != 0) {
      module.objects_.push_back(
          LoadSegment(LinkAddr(entry.address), entry.size));
    }
  }

  elf::Dynamic dynamic;
  dynamic.strtab = {kTables, module.tables_.size()};
  dynamic.gnu_hash = AppendGnuHash(hashes, bucket_count, writer);
  if (!versions.empty()) {
    dynamic.versym = writer.Append(std::span<const NativeElf::Half>(versym));
  }
  // Last, so that its end is that of the tables.
  dynamic.symtab = writer.Append(std::span<const Sym<NativeElf>>(symbols));
  module.tables_segment_ = LoadSegment(kTables, module.tables_.size());
  const auto view = elf::AddressView<NativeElf>::OfImage(
      {&module.tables_segment_, 1},
      ByteView(module.tables_.data(), module.tables_.size()), kTables);
  auto table = elf::SymbolTable<NativeElf>::Parse(view, dynamic);
  if (!table.ok()) return ToStatus(table.error(), "dynamic symbols");
  module.member_.definitions.symbols = *table;

  module.versions_.resize(version_names.size());
  for (size_t i = kFirstVersion; i < version_names.size(); ++i) {
    const auto name = table->strings().CString(version_names[i]);
    if (!name.ok()) return ToStatus(name.error(), "symbol versions");
    module.versions_[i].hash = elf::SysvHash(*name);
    module.versions_[i].name = *name;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const SyntheticModule>>
SyntheticModule::Builder::Build() && {
  uint64_t string_size = 1;
  for (const Entry& entry : entries_) {
    RETURN_IF_ERROR(Annotate(Check(entry), soname_));
    string_size += entry.name.size() + entry.version.size() + 2;
  }
  // st_name has 32 bits.
  if (string_size > std::numeric_limits<uint32_t>::max()) {
    return absl::OutOfRangeError(absl::StrCat(soname_, ": too many names"));
  }
  RETURN_IF_ERROR(Annotate(CheckUnique(), soname_));
  const auto versions = NumberVersions();
  if (!versions.ok()) return Annotate(versions.status(), soname_);
  const uint32_t bucket_count = SortByBucket();

  std::shared_ptr<SyntheticModule> module(new SyntheticModule());
  RETURN_IF_ERROR(
      Annotate(WriteTables(*versions, bucket_count, *module), soname_));
  module->soname_ = std::move(soname_);
  module->symbol_count_ = entries_.size();
  ScopeMember& member = module->member_;
  member.name = module->soname_;
  member.soname = module->soname_;
  member.definitions.versions = module->versions_;
  member.memory = MemoryOf(module->objects_);
  member.host = true;
  return module;
}

}  // namespace relink
