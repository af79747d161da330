// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/mapped_module.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/address_view.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/relocations.h"
#include "relink/elf/symbol_table.h"
#include "relink/run/private_pages.h"
#include "relink/scan/scan_module.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;

const std::byte* BytesAt(uint64_t addr) {
  return reinterpret_cast<const std::byte*>(addr);
}

elf::AddressView<Elf> ViewOf(const Module& module, uint64_t bias) {
  const auto headers = module.program_headers.template Records<elf::Phdr<Elf>>(
      0, module.program_headers.size() / sizeof(elf::Phdr<Elf>));
  if (!headers.ok()) return {};
  const LinkAddr begin = module.segments.front().memory.begin;
  const LinkAddr end = module.segments.back().memory.end();
  return elf::AddressView<Elf>::OfImage(
      *headers,
      ByteView(BytesAt(begin.value() + bias), static_cast<size_t>(end - begin)),
      begin);
}

// Whether `range` of the module's code in memory is still its file's.
absl::Status CompareCode(const Module& module, const Segment& segment,
                         uint64_t bias, LinkRange range) {
  std::vector<std::byte> buffer(std::min<uint64_t>(range.size, 64 * 1024));
  for (uint64_t at = 0; at < range.size; at += buffer.size()) {
    const std::span<std::byte> bytes(
        buffer.data(), std::min<uint64_t>(buffer.size(), range.size - at));
    const auto offset =
        static_cast<uint64_t>(range.begin - segment.memory.begin) + at;
    RETURN_IF_ERROR(
        module.source.ReadInto(segment.file.begin.value() + offset, bytes));
    if (std::memcmp(BytesAt(range.begin.value() + bias + at), bytes.data(),
                    bytes.size()) != 0) {
      return absl::FailedPreconditionError(
          absl::StrCat(module.name(), ": its code was changed in memory"));
    }
  }
  return absl::OkStatus();
}

// The same of all its code: a debugger may have put breakpoints there.
absl::Status CompareCode(const Module& module, uint64_t bias) {
  const auto page_size = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  for (const Segment& segment : module.segments) {
    if (!segment.executable) continue;
    const LinkRange all = {segment.memory.begin, segment.file.size};
    const auto changed = FindPrivatePages(
        {RuntimeAddr(all.begin.value() + bias), all.size}, page_size);
    if (!changed.has_value()) {
      RETURN_IF_ERROR(CompareCode(module, segment, bias, all));
      continue;
    }
    for (const RuntimeAddr page : *changed) {
      const LinkAddr address(page.value() - bias);
      const LinkAddr begin = std::max(all.begin, address);
      const LinkAddr end = std::min(all.end(), address + page_size);
      RETURN_IF_ERROR(CompareCode(module, segment, bias,
                                  {begin, static_cast<uint64_t>(end - begin)}));
    }
  }
  return absl::OkStatus();
}

class WordFinder {
 public:
  WordFinder(const Module& module, uint64_t bias,
             const elf::AddressView<Elf>& view)
      : module_(module), bias_(bias), view_(view) {}

  absl::StatusOr<AddressWords> Find() {
    const auto tables =
        elf::RelocationTables<Elf>::Parse(view_, module_.dynamic);
    if (!tables.ok()) return ToStatus(tables.error(), module_.name());
    const auto symbols = elf::SymbolTable<Elf>::Parse(view_, module_.dynamic);
    if (!symbols.ok()) return ToStatus(symbols.error(), module_.name());
    symbols_ = *symbols;
    words_.places.reserve(tables->rela.size() + tables->rel.size() +
                          tables->jmprel_rela.size() +
                          tables->jmprel_rel.size());
    elf::ForEachRelr<Elf>(tables->relr, [&](LinkAddr place) {
      Add(place);
      return true;
    });
    AddTable(tables->rela);
    AddTable(tables->rel);
    AddTable(tables->jmprel_rela);
    AddTable(tables->jmprel_rel);
    AddFunctionsOfDynamicTable();
    return std::move(words_);
  }

 private:
  void Add(LinkAddr place) {
    if (!view_.Slice(place, sizeof(uint64_t)).ok()) return;
    words_.places.push_back(RuntimeAddr(place.value() + bias_));
  }

  template <typename Record>
  void AddTable(std::span<const Record> table) {
    for (const Record& record : table) {
      const RelocationRule& rule = module_.target->Rule(record.type());
      const LinkAddr place(uint64_t{record.r_offset});
      switch (rule.formula) {
        case Formula::kRelative:
        case Formula::kAddress:
        case Formula::kSymbol:
        case Formula::kIndirect:
          if (rule.field == Field::k64) Add(place);
          break;
        case Formula::kCopy:
          AddCopy(place, record.sym());
          break;
        case Formula::kUnknown:
        case Formula::kNone:
        case Formula::kPcRelative:
        case Formula::kGotOffset:
        case Formula::kSize:
        case Formula::kTlsModule:
        case Formula::kTlsOffset:
        case Formula::kThreadOffset:
        case Formula::kTlsDescriptor:
          break;
      }
    }
  }

  void AddFunctionsOfDynamicTable() {
    const LinkRange table = module_.dynamic_table;
    const auto entries = view_.Records<elf::Dyn<Elf>>(
        table.begin, table.size / sizeof(elf::Dyn<Elf>));
    if (!entries.ok()) return;
    for (size_t i = 0; i < entries->size(); ++i) {
      const int64_t tag = (*entries)[i].d_tag;
      if (tag == elf::kDtNull) break;
      if (tag != elf::kDtInit && tag != elf::kDtFini) continue;
      words_.link_places.push_back(RuntimeAddr(table.begin.value() + bias_ +
                                               i * sizeof(elf::Dyn<Elf>) +
                                               offsetof(elf::Dyn<Elf>, d_val)));
    }
  }

  void AddCopy(LinkAddr place, uint32_t index) {
    if (index >= symbols_.limit()) return;
    const elf::Sym<Elf>& symbol = symbols_[index];
    const StringRef name = symbols_.Name(symbol);
    if (!view_.Slice(place, symbol.st_size).ok()) return;
    words_.copies.push_back({.place = RuntimeAddr(place.value() + bias_),
                             .size = symbol.st_size,
                             .name = std::string(name.data(), name.size())});
  }

  const Module& module_;
  uint64_t bias_;
  const elf::AddressView<Elf>& view_;
  elf::SymbolTable<Elf> symbols_;
  AddressWords words_;
};

}  // namespace

absl::StatusOr<Module> ScanMapped(const MappedModule& mapped,
                                  const ProcessMemory& memory) {
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(mapped.path));
  const FileIdentity file = source.identity();
  ASSIGN_OR_RETURN(Module module, ScanModule(std::move(source)));
  for (const Segment& segment : module.segments) {
    const auto* mapping =
        memory.Find(RuntimeAddr(segment.memory.begin.value() + mapped.bias));
    if (mapping == nullptr || mapping->file != file) {
      return absl::FailedPreconditionError(
          absl::StrCat(module.name(), ": another file is mapped"));
    }
  }
  RETURN_IF_ERROR(CompareCode(module, mapped.bias));
  return module;
}

absl::StatusOr<AddressWords> FindAddressWords(const Module& module,
                                              uint64_t bias) {
  const elf::AddressView<Elf> view = ViewOf(module, bias);
  return WordFinder(module, bias, view).Find();
}

uint64_t FindDefinition(const Module& module, uint64_t bias,
                        absl::string_view name) {
  const auto symbols =
      elf::SymbolTable<Elf>::Parse(ViewOf(module, bias), module.dynamic);
  if (!symbols.ok()) return 0;
  const uint32_t index =
      symbols->Find(elf::SymbolName(Ref(name)),
                    [&](uint32_t i) { return !(*symbols)[i].undefined(); });
  return index == 0 ? 0 : (*symbols)[index].st_value + bias;
}

RuntimeAddr FindReturnWay(const Module& module, uint64_t bias) {
  constexpr std::array<std::byte, 5> kWay = {std::byte{0x48}, std::byte{0x83},
                                             std::byte{0xc4}, std::byte{0x08},
                                             std::byte{0xc3}};
  for (const Segment& segment : module.segments) {
    if (!segment.executable) continue;
    const uint64_t begin = segment.memory.begin.value() + bias;
    const std::byte* code = BytesAt(begin);
    const void* found =
        memmem(code, segment.file.size, kWay.data(), kWay.size());
    if (found != nullptr) {
      return RuntimeAddr(
          begin +
          static_cast<uint64_t>(static_cast<const std::byte*>(found) - code));
    }
  }
  return {};
}

RuntimeRange SpanOf(const Module& module, uint64_t bias, uint64_t page_size) {
  const LinkAddr begin = module.segments.front().memory.begin;
  const LinkAddr end = module.segments.back().memory.end();
  return PagesOf(RuntimeRange{RuntimeAddr(begin.value() + bias),
                              static_cast<uint64_t>(end - begin)},
                 page_size);
}

}  // namespace relink
