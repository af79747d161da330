// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/emit/section_headers.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/elf/constants.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/records.h"
#include "relink/emit/moved_symbol.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using Elf = elf::Elf64Le;
using Ehdr = elf::Ehdr<Elf>;
using Shdr = elf::Shdr<Elf>;
using Sym = elf::Sym<Elf>;

constexpr absl::string_view kFrames = ".eh_frame";
constexpr absl::string_view kFrameIndex = ".eh_frame_hdr";

// What a section of the graph is a part of in the output; empty for program
// headers and what they displaced, which has a section of the input.
absl::string_view OutputName(const Section& section) {
  if (section.kind == SectionKind::kUnwind) return kFrames;
  if (section.kind == SectionKind::kMade) {
    return section.name == kFrameIndex ? kFrameIndex : absl::string_view();
  }
  return section.memory_class == MemoryClass::kCode ? "relink.text"
                                                    : "relink.rodata";
}

class HeaderWriter {
 public:
  HeaderWriter(const LinkedImage& image, ModuleId id, const FileLayout& layout,
               const HeaderRoom& room, const elf::SectionTable<Elf>& input,
               uint32_t names_index, std::vector<std::byte>& output)
      : image_(image),
        addresses_(image.placed(id).addresses()),
        layout_(layout),
        room_(room),
        input_(input),
        names_index_(names_index),
        headers_(input.sections().begin(), input.sections().end()),
        output_(output) {
    const ByteView names = input.Contents(headers_[names_index]);
    for (const std::byte letter : names.bytes()) {
      names_.push_back(static_cast<char>(letter));
    }
  }

  absl::Status Write(const std::string& map) {
    for (Shdr& header : headers_) {
      if ((header.sh_flags & elf::kShfAlloc) == 0) {
        header.sh_offset = layout_.Moved(header.sh_offset);
      } else if (room_.displaced.Contains(LinkAddr(uint64_t{header.sh_addr}))) {
        const LinkAddr addr =
            room_.At(image_, LinkAddr(uint64_t{header.sh_addr}));
        header.sh_addr = addr.value();
        header.sh_offset = layout_.OffsetOf(addr).value();
      }
    }
    AddPlaced();
    RenameReplaced();
    Add("relink.map", Append(map));
    LeadSymbols();
    // All have their names now.
    headers_[names_index_].sh_size = names_.size();
    headers_[names_index_].sh_offset = Append(names_).sh_offset;
    if (headers_.size() >= elf::kShnLoreserve) {
      return absl::UnimplementedError("too many sections");
    }
    WriteTable();
    return absl::OkStatus();
  }

 private:
  // A header of `bytes` at the end of the output.
  Shdr Append(absl::string_view bytes) {
    Shdr header{};
    header.sh_type = elf::kShtProgbits;
    header.sh_offset = output_.size();
    header.sh_size = bytes.size();
    header.sh_addralign = 1;
    for (const char byte : bytes) output_.push_back(std::byte(byte));
    return header;
  }

  uint32_t AddName(absl::string_view name) {
    const auto at = static_cast<uint32_t>(names_.size());
    absl::StrAppend(&names_, name);
    names_.push_back('\0');
    return at;
  }

  void Add(absl::string_view name, Shdr header) {
    header.sh_name = AddName(name);
    headers_.push_back(header);
  }

  // Sections of the graph that follow each other are one of the file.
  void AddPlaced() {
    const LinkGraph& graph = image_.graph();
    for (const NewSegment& segment : layout_.segments) {
      absl::string_view last_name;
      for (SectionId id : graph.order) {
        const SectionPlacement& placement = image_.layout().sections[id];
        const Section& section = graph.sections[id];
        if (placement.arena_id != segment.arena_id) continue;
        const absl::string_view name = OutputName(section);
        const uint64_t end = placement.offset + section.size;
        if (!name.empty() && name == last_name) {
          Shdr& header = headers_.back();
          header.sh_size = segment.memory.begin.value() + end - header.sh_addr;
          header.sh_addralign =
              std::max<uint64_t>(header.sh_addralign, section.alignment);
        } else if (!name.empty()) {
          AddLoaded(name, section, segment, placement.offset);
        }
        last_name = name;
      }
    }
  }

  void AddLoaded(absl::string_view name, const Section& section,
                 const NewSegment& segment, uint64_t offset) {
    Shdr header{};
    header.sh_type = elf::kShtProgbits;
    // .eh_frame has a type of its own in some files.
    if (const Shdr* replaced = Find(name)) header.sh_type = replaced->sh_type;
    header.sh_flags = elf::kShfAlloc;
    if (segment.executable)
      header.sh_flags = elf::kShfAlloc | elf::kShfExecinstr;
    header.sh_addr = (segment.memory.begin + offset).value();
    header.sh_offset = (segment.offset + offset).value();
    header.sh_size = section.size;
    header.sh_addralign = section.alignment;
    Add(name, header);
  }

  // The input's section of that name; null if there is none.
  Shdr* Find(absl::string_view name) {
    for (size_t i = 0; i < input_.sections().size(); ++i) {
      if (View(input_.Name(input_.sections()[i])) == name) return &headers_[i];
    }
    return nullptr;
  }

  bool HasNew(absl::string_view name) const {
    return std::ranges::any_of(image_.graph().order, [&](SectionId id) {
      return OutputName(image_.graph().sections[id]) == name &&
             image_.layout().IsPlaced(id);
    });
  }

  void RenameReplaced() {
    for (const absl::string_view name : {kFrames, kFrameIndex}) {
      Shdr* replaced = Find(name);
      if (replaced == nullptr || !HasNew(name)) continue;
      replaced->sh_name = AddName(absl::StrCat("relink.orig", name));
    }
  }

  void LeadSymbols() {
    for (const Shdr& section : input_.sections()) {
      if (section.sh_type != elf::kShtSymtab &&
          section.sh_type != elf::kShtDynsym) {
        continue;
      }
      const auto index =
          static_cast<size_t>(&section - input_.sections().data());
      const uint64_t begin = headers_[index].sh_offset;
      for (uint64_t i = 1; i < section.sh_size / sizeof(Sym); ++i) {
        LeadSymbol(begin + i * sizeof(Sym));
      }
    }
  }

  void LeadSymbol(uint64_t at) {
    if (at > output_.size() || output_.size() - at < sizeof(Sym)) return;
    Sym symbol;
    std::memcpy(&symbol, output_.data() + at, sizeof(symbol));
    if (!IsAddress(symbol)) return;
    const LinkAddr before(uint64_t{symbol.st_value});
    LinkAddr value = room_.At(image_, before);
    if (GoesWithCode(symbol) && value == before) {
      value = LinkAddr(addresses_.At(before).value());
      // Those of dynamic symbols were led with what the dynamic linker reads.
      const std::optional<uint16_t> section = FindSection(value);
      if (section.has_value() && !symbol.undefined()) {
        symbol.st_shndx = *section;
      }
    }
    symbol.st_value = value.value();
    std::memcpy(output_.data() + at, &symbol, sizeof(symbol));
  }

  // The number of a new section of code.
  std::optional<uint16_t> FindSection(LinkAddr addr) const {
    for (size_t i = input_.sections().size(); i < headers_.size(); ++i) {
      const Shdr& header = headers_[i];
      if ((header.sh_flags & elf::kShfExecinstr) != 0 &&
          addr.value() - header.sh_addr < header.sh_size) {
        return static_cast<uint16_t>(i);
      }
    }
    return std::nullopt;
  }

  void WriteTable() {
    output_.resize(AlignUp(output_.size(), alignof(uint64_t)));
    Ehdr header;
    std::memcpy(&header, output_.data(), sizeof(header));
    header.e_shoff = output_.size();
    header.e_shnum = static_cast<uint16_t>(headers_.size());
    std::memcpy(output_.data(), &header, sizeof(header));
    const auto bytes = std::as_bytes(std::span(headers_));
    output_.insert(output_.end(), bytes.begin(), bytes.end());
  }

  const LinkedImage& image_;
  AddressMap addresses_;
  const FileLayout& layout_;
  const HeaderRoom& room_;
  const elf::SectionTable<Elf>& input_;
  uint32_t names_index_;
  std::vector<Shdr> headers_;
  std::string names_;
  std::vector<std::byte>& output_;
};

void RemoveTable(std::vector<std::byte>& output) {
  Ehdr header;
  std::memcpy(&header, output.data(), sizeof(header));
  header.e_shoff = 0;
  header.e_shnum = 0;
  header.e_shstrndx = 0;
  std::memcpy(output.data(), &header, sizeof(header));
}

}  // namespace

absl::Status AppendSectionHeaders(const LinkedImage& image, ModuleId id,
                                  const FileLayout& layout,
                                  const HeaderRoom& room,
                                  const std::string& map,
                                  std::vector<std::byte>& output) {
  const Module& module = image.module(id);
  const auto file = elf::ElfFile<Elf>::Parse(module.file);
  if (!file.ok()) return ToStatus(file.error(), module.name());
  const auto input = elf::SectionTable<Elf>::Parse(*file);
  const uint32_t names_index = file->header().e_shstrndx;
  if (!input.ok() || names_index == 0 ||
      names_index >= input->sections().size()) {
    RemoveTable(output);
    return absl::OkStatus();
  }
  return Annotate(
      HeaderWriter(image, id, layout, room, *input, names_index, output)
          .Write(map),
      module.name());
}

}  // namespace relink
