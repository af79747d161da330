// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/symbols/file_symbols.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/address_view.h"
#include "relink/elf/constants.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/notes.h"
#include "relink/elf/records.h"
#include "relink/elf/unwind_records.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

using Functions = std::vector<NamedFunction>;

template <class E>
void AddSymbols(const elf::SectionTable<E>& table, const elf::Shdr<E>& section,
                Functions& functions) {
  const ByteView contents = table.Contents(section);
  const auto symbols =
      contents.Records<elf::Sym<E>>(0, contents.size() / sizeof(elf::Sym<E>));
  if (!symbols.ok() || section.sh_link >= table.sections().size()) return;
  const ByteView names = table.Contents(table.sections()[section.sh_link]);
  const FunctionOrigin origin = section.sh_type == elf::kShtSymtab
                                    ? FunctionOrigin::kSymtab
                                    : FunctionOrigin::kDynsym;
  for (const elf::Sym<E>& symbol : *symbols) {
    if (symbol.st_shndx == elf::kShnUndef) continue;
    if (symbol.type() != elf::kSttFunc && symbol.type() != elf::kSttGnuIfunc) {
      continue;
    }
    const auto name = names.CString(symbol.st_name);
    if (!name.ok() || name->empty()) continue;
    functions.push_back({{LinkAddr(symbol.st_value), symbol.st_size},
                         origin,
                         std::string(View(*name))});
  }
}

template <class E>
void AddSections(const elf::ElfFile<E>& file, Functions& functions) {
  const auto table = elf::SectionTable<E>::Parse(file);
  if (!table.ok()) return;
  for (const elf::Shdr<E>& section : table->sections()) {
    if (section.sh_type == elf::kShtSymtab ||
        section.sh_type == elf::kShtDynsym) {
      AddSymbols<E>(*table, section, functions);
    }
    const absl::string_view name = View(table->Name(section));
    if ((section.sh_flags & elf::kShfExecinstr) != 0 &&
        (absl::StartsWith(name, ".plt") || name == ".iplt")) {
      functions.push_back({{LinkAddr(section.sh_addr), section.sh_size},
                           FunctionOrigin::kPlt,
                           absl::StrCat("[", name.substr(1), "]")});
    }
  }
}

template <class E>
void AddUnwindRecords(const elf::ElfFile<E>& file, Functions& functions) {
  const auto view = elf::AddressView<E>::OfFile(file);
  for (const elf::Phdr<E>& segment : file.segments()) {
    if (segment.p_type != elf::kPtGnuEhFrame) continue;
    const auto frame =
        elf::FindEhFrame<E>(view, {LinkAddr(segment.p_vaddr), segment.p_memsz});
    if (!frame.ok()) continue;
    const auto bytes = view.Slice(frame->records.begin, frame->records.size);
    if (!bytes.ok()) continue;
    elf::UnwindRecords<E> records(*bytes, frame->records.begin);
    while (true) {
      const auto next = records.Next();
      if (!next.ok() || *next == nullptr) break;
      functions.push_back(
          {(*next)->code, FunctionOrigin::kUnwind,
           absl::StrCat("0x", absl::Hex((*next)->code.begin.value()))});
    }
  }
}

// By address; where several begin, the best one first: one with a size, then by
// origin, then the name with fewest underscores in front, as perf does.
bool Precedes(const NamedFunction& a, const NamedFunction& b) {
  const auto key = [](const NamedFunction& f) {
    const size_t first = f.name.find_first_not_of('_');
    return std::tuple(f.range.begin.value(), f.range.size == 0, f.origin, first,
                      absl::string_view(f.name));
  };
  return key(a) < key(b);
}

// Leaves one function at each address. What has no size reaches to the next
// one.
Functions WithoutOverlaps(Functions all) {
  std::sort(all.begin(), all.end(), Precedes);
  Functions kept;
  for (NamedFunction& function : all) {
    if (!kept.empty()) {
      NamedFunction& last = kept.back();
      const LinkAddr begin = function.range.begin;
      if (begin == last.range.begin) continue;
      if (last.range.size == 0) {
        last.range.size = static_cast<uint64_t>(begin - last.range.begin);
      }
      if (last.range.Contains(begin)) {
        // A record about all stubs, or about a part of a function, says less.
        if (function.origin > last.origin) continue;
        last.range.size = static_cast<uint64_t>(begin - last.range.begin);
      }
    }
    kept.push_back(std::move(function));
  }
  return kept;
}

}  // namespace

template <class E>
absl::Status FileSymbols::ReadAs(ByteView bytes) {
  const auto file = elf::ElfFile<E>::Parse(bytes);
  if (!file.ok()) return ToStatus(file.error(), "ELF file");
  const ByteView id = elf::FindBuildId<E>(*file);
  build_id_.assign(reinterpret_cast<const char*>(id.data()), id.size());
  for (const elf::Phdr<E>& segment : file->segments()) {
    if (segment.p_type != elf::kPtLoad) continue;
    segments_.push_back({{FileOffset(segment.p_offset), segment.p_filesz},
                         LinkAddr(segment.p_vaddr)});
  }
  Functions functions;
  AddSections<E>(*file, functions);
  AddUnwindRecords<E>(*file, functions);
  functions_ = WithoutOverlaps(std::move(functions));
  return absl::OkStatus();
}

absl::StatusOr<FileSymbols> FileSymbols::Read(ByteView file) {
  const auto identity = elf::Identify(file);
  if (!identity.ok()) return ToStatus(identity.error(), "ELF file");
  const bool is_64 = identity->elf_class == elf::kElfClass64;
  const bool little = identity->byte_order == elf::kElfData2Lsb;
  FileSymbols symbols;
  RETURN_IF_ERROR(is_64    ? little ? symbols.ReadAs<elf::Elf64Le>(file)
                                    : symbols.ReadAs<elf::Elf64Be>(file)
                     : little ? symbols.ReadAs<elf::Elf32Le>(file)
                           : symbols.ReadAs<elf::Elf32Be>(file));
  return symbols;
}

std::optional<LinkAddr> FileSymbols::AddressOf(const Place& place) const {
  switch (place.kind) {
    case PlaceKind::kLinkAddr:
      return LinkAddr(place.offset);
    case PlaceKind::kSymbol:
      return std::nullopt;
    case PlaceKind::kFileOffset:
      break;
  }
  for (const Segment& segment : segments_) {
    const FileOffset offset(place.offset);
    if (!segment.file.Contains(offset)) continue;
    return segment.address + static_cast<uint64_t>(offset - segment.file.begin);
  }
  return std::nullopt;
}

std::optional<FileOffset> FileSymbols::OffsetOf(LinkAddr address) const {
  for (const Segment& segment : segments_) {
    const LinkRange memory = {segment.address, segment.file.size};
    if (!memory.Contains(address)) continue;
    return segment.file.begin + static_cast<uint64_t>(address - memory.begin);
  }
  return std::nullopt;
}

const NamedFunction* FileSymbols::Find(LinkAddr address) const {
  const auto after = std::upper_bound(
      functions_.begin(), functions_.end(), address,
      [](LinkAddr a, const NamedFunction& f) { return a < f.range.begin; });
  if (after == functions_.begin()) return nullptr;
  const NamedFunction& function = *(after - 1);
  return function.range.Contains(address) ? &function : nullptr;
}

}  // namespace relink::profiles
