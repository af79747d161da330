// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/symbol_file.h"

#include <array>
#include <cstring>
#include <utility>

namespace relink {
namespace {

using Ehdr = elf::Ehdr<NativeElf>;
using Shdr = elf::Shdr<NativeElf>;
using Sym = elf::Sym<NativeElf>;

constexpr size_t kWord = 8;

// Of CRC-32, bits reversed, for each byte.
constexpr std::array<uint32_t, 256> MakeChecksumTable() {
  constexpr uint32_t kPolynomial = 0xedb88320;
  std::array<uint32_t, 256> table = {};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t rest = i;
    for (int bit = 0; bit < 8; ++bit) {
      rest = rest >> 1 ^ ((rest & 1) != 0 ? kPolynomial : 0);
    }
    table[i] = rest;
  }
  return table;
}

template <typename T>
void Append(std::vector<std::byte>& to, const std::vector<T>& records) {
  const auto* begin = reinterpret_cast<const std::byte*>(records.data());
  to.insert(to.end(), begin, begin + records.size() * sizeof(T));
}

}  // namespace

SymbolFile::SymbolFile() : symbols_(1) {
  AddName(section_names_, "");
  AddName(symbol_names_, "");
  AddSection({.name = "", .type = elf::kShtNull, .flags = 0, .memory = {}});
}

uint32_t SymbolFile::AddName(std::string& names, absl::string_view name) {
  const auto at = static_cast<uint32_t>(names.size());
  names.append(name.data(), name.size());
  names.push_back('\0');
  return at;
}

uint16_t SymbolFile::AddSection(const Section& section) {
  Shdr header = {};
  header.sh_name = AddName(section_names_, section.name);
  header.sh_type = section.type;
  header.sh_flags = section.flags;
  header.sh_addr = section.memory.begin.value();
  header.sh_addralign = 1;
  header.sh_size = section.memory.size;
  if (section.type != elf::kShtNobits && section.type != elf::kShtNull) {
    contents_.resize(AlignUp(contents_.size(), kWord));
    header.sh_offset = sizeof(Ehdr) + contents_.size();
    header.sh_size = section.contents.size();
    const std::byte* begin = section.contents.data();
    contents_.insert(contents_.end(), begin, begin + section.contents.size());
  }
  sections_.push_back(header);
  return static_cast<uint16_t>(sections_.size() - 1);
}

void SymbolFile::AddSymbol(absl::string_view name, RuntimeRange memory,
                           uint8_t type, uint16_t section) {
  Sym symbol = {};
  symbol.st_name = AddName(symbol_names_, name);
  symbol.st_info = static_cast<uint8_t>(elf::kStbGlobal << 4 | type);
  symbol.st_shndx = section;
  symbol.st_value = memory.begin.value();
  symbol.st_size = memory.size;
  symbols_.push_back(symbol);
}

void SymbolFile::AddDebugLink(absl::string_view path, uint32_t crc) {
  std::string link(path);
  link.resize(AlignUp(link.size() + 1, sizeof(crc)));
  std::array<char, sizeof(crc)> bytes;
  std::memcpy(bytes.data(), &crc, sizeof(crc));
  link.append(bytes.data(), bytes.size());
  AddSection({.name = ".gnu_debuglink",
              .type = elf::kShtProgbits,
              .flags = 0,
              .memory = {},
              .contents = ByteView(link.data(), link.size())});
}

std::vector<std::byte> SymbolFile::Finish() && {
  std::vector<std::byte> symbols;
  Append(symbols, symbols_);
  const uint16_t symtab =
      AddSection({.name = ".symtab",
                  .type = elf::kShtSymtab,
                  .flags = 0,
                  .memory = {},
                  .contents = ByteView(symbols.data(), symbols.size())});
  sections_[symtab].sh_entsize = sizeof(Sym);
  sections_[symtab].sh_info = 1;  // The first that is not local.
  sections_[symtab].sh_link = AddSection(
      {.name = ".strtab",
       .type = elf::kShtStrtab,
       .flags = 0,
       .memory = {},
       .contents = ByteView(symbol_names_.data(), symbol_names_.size())});
  constexpr absl::string_view kNames = ".shstrtab";
  // Its own name must be among them before they are copied.
  std::string names = section_names_;
  AddName(names, kNames);
  const uint16_t shstrtab =
      AddSection({.name = kNames,
                  .type = elf::kShtStrtab,
                  .flags = 0,
                  .memory = {},
                  .contents = ByteView(names.data(), names.size())});
  contents_.resize(AlignUp(contents_.size(), kWord));

  Ehdr header = {};
  std::memcpy(header.e_ident, "\177ELF", 4);
  header.e_ident[elf::kEiClass] = elf::kElfClass64;
  header.e_ident[elf::kEiData] = elf::kElfData2Lsb;
  header.e_ident[elf::kEiVersion] = elf::kEvCurrent;
  header.e_type = elf::kEtDyn;
  header.e_machine = elf::kEmX86_64;
  header.e_version = elf::kEvCurrent;
  header.e_ehsize = sizeof(Ehdr);
  header.e_shentsize = sizeof(Shdr);
  header.e_shoff = sizeof(Ehdr) + contents_.size();
  header.e_shnum = static_cast<uint16_t>(sections_.size());
  header.e_shstrndx = shstrtab;
  std::vector<std::byte> file;
  file.reserve(header.e_shoff + sections_.size() * sizeof(Shdr));
  Append(file, std::vector<Ehdr>{header});
  file.insert(file.end(), contents_.begin(), contents_.end());
  Append(file, sections_);
  return file;
}

uint32_t SymbolFile::Checksum(ByteView bytes) {
  static constexpr std::array<uint32_t, 256> kTable = MakeChecksumTable();
  uint32_t crc = 0xffffffff;
  for (const std::byte byte : bytes.bytes()) {
    crc = crc >> 8 ^ kTable[(crc ^ static_cast<uint32_t>(byte)) & 0xff];
  }
  return ~crc;
}

}  // namespace relink
