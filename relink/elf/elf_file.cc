// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/elf_file.h"

#include <cstddef>
#include <cstring>

namespace relink::elf {
namespace {

constexpr uint8_t kMagic[] = {0x7f, 'E', 'L', 'F'};

// The header fields that say how many program headers there are; section 0
// says it when they overflow 16 bits.
template <class E>
Result<uint64_t> SegmentCount(ByteView file, const Ehdr<E>& header) {
  if (header.e_phnum != kPnXnum) return uint64_t{header.e_phnum};
  if (header.e_shentsize != sizeof(Shdr<E>)) {
    return Error{ErrorCode::kMalformed,
                 "e_phnum is PN_XNUM but e_shentsize is not a section header",
                 offsetof(Ehdr<E>, e_shentsize)};
  }
  auto first = file.template Record<Shdr<E>>(header.e_shoff);
  if (header.e_shoff == 0 || !first.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 "e_phnum is PN_XNUM but there is no section 0",
                 offsetof(Ehdr<E>, e_shoff)};
  }
  return uint64_t{(*first)->sh_info};
}

}  // namespace

Result<Identity> Identify(ByteView file) {
  if (file.size() < sizeof(kMagic) ||
      std::memcmp(file.data(), kMagic, sizeof(kMagic)) != 0) {
    return Error{ErrorCode::kMalformed, "not an ELF file (no magic)", 0};
  }
  if (file.size() < kEiNident) {
    return Error{ErrorCode::kOutOfRange, "truncated in e_ident", file.size()};
  }
  const auto* ident = reinterpret_cast<const uint8_t*>(file.data());
  if (ident[kEiClass] != kElfClass32 && ident[kEiClass] != kElfClass64) {
    return Error{ErrorCode::kMalformed, "unknown EI_CLASS", kEiClass};
  }
  if (ident[kEiData] != kElfData2Lsb && ident[kEiData] != kElfData2Msb) {
    return Error{ErrorCode::kMalformed, "unknown EI_DATA", kEiData};
  }
  if (ident[kEiVersion] != kEvCurrent) {
    return Error{ErrorCode::kMalformed, "unknown EI_VERSION", kEiVersion};
  }
  return Identity{ident[kEiClass], ident[kEiData]};
}

template <class E>
Result<ElfHeaders<E>> ElfHeaders<E>::Parse(ByteView prefix,
                                           uint64_t file_size) {
  RELINK_TRY_ASSIGN(Identity identity, Identify(prefix));
  if (identity.elf_class != E::kClass) {
    return Error{ErrorCode::kMalformed, "EI_CLASS is not the expected class",
                 kEiClass};
  }
  if (identity.byte_order != E::kData) {
    return Error{ErrorCode::kMalformed,
                 "EI_DATA is not the expected byte order", kEiData};
  }
  auto header_or = prefix.Record<Ehdr<E>>(0);
  if (!header_or.ok()) {
    return Error{ErrorCode::kOutOfRange, "truncated in the ELF header",
                 prefix.size()};
  }
  const Ehdr<E>* header = *header_or;
  if (header->e_version != kEvCurrent) {
    return Error{ErrorCode::kMalformed, "unknown e_version",
                 offsetof(Ehdr<E>, e_version)};
  }
  if (header->e_ehsize < sizeof(Ehdr<E>)) {
    return Error{ErrorCode::kMalformed, "e_ehsize is smaller than the header",
                 offsetof(Ehdr<E>, e_ehsize)};
  }
  RELINK_TRY_ASSIGN(uint64_t count, SegmentCount<E>(prefix, *header));
  if (count == 0) return ElfHeaders(header, {});
  if (header->e_phentsize != sizeof(Phdr<E>)) {
    return Error{ErrorCode::kMalformed,
                 "e_phentsize is not the size of a program header",
                 offsetof(Ehdr<E>, e_phentsize)};
  }
  auto segments = prefix.Records<Phdr<E>>(header->e_phoff, count);
  if (!segments.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 "program headers run past the end of the file",
                 header->e_phoff};
  }
  for (const Phdr<E>& segment : *segments) {
    if (segment.p_type == kPtNull) continue;
    if (segment.p_offset > file_size ||
        segment.p_filesz > file_size - segment.p_offset) {
      auto place = reinterpret_cast<const std::byte*>(&segment) - prefix.data();
      return Error{ErrorCode::kOutOfRange,
                   "segment runs past the end of the file",
                   static_cast<uint64_t>(place)};
    }
  }
  return ElfHeaders(header, *segments);
}

template <class E>
Result<SectionTable<E>> SectionTable<E>::Parse(const ElfFile<E>& file) {
  SectionTable table;
  table.file_ = file.bytes();
  const Ehdr<E>& header = file.header();
  if (header.e_shoff == 0) return table;
  if (header.e_shentsize != sizeof(Shdr<E>)) {
    return Error{ErrorCode::kMalformed,
                 "e_shentsize is not the size of a section header",
                 offsetof(Ehdr<E>, e_shentsize)};
  }
  auto first = table.file_.template Record<Shdr<E>>(header.e_shoff);
  if (!first.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 "section headers run past the end of the file",
                 header.e_shoff};
  }
  uint64_t count = header.e_shnum != 0 ? uint64_t{header.e_shnum}
                                       : uint64_t{(*first)->sh_size};
  auto sections = table.file_.template Records<Shdr<E>>(header.e_shoff, count);
  if (!sections.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 "section headers run past the end of the file",
                 header.e_shoff};
  }
  table.sections_ = *sections;
  for (const Shdr<E>& section : table.sections_) {
    if (section.sh_type == kShtNull || section.sh_type == kShtNobits) continue;
    if (!table.file_.Contains(section.sh_offset, section.sh_size)) {
      auto place =
          reinterpret_cast<const std::byte*>(&section) - table.file_.data();
      return Error{ErrorCode::kOutOfRange,
                   "section runs past the end of the file",
                   static_cast<uint64_t>(place)};
    }
  }
  uint32_t names = header.e_shstrndx != kShnXindex
                       ? uint32_t{header.e_shstrndx}
                       : uint32_t{(*first)->sh_link};
  if (names != kShnUndef) {
    if (names >= count) {
      return Error{ErrorCode::kMalformed,
                   "e_shstrndx is not the index of a section",
                   offsetof(Ehdr<E>, e_shstrndx)};
    }
    table.names_ = table.Contents(table.sections_[names]);
  }
  return table;
}

template <class E>
StringRef SectionTable<E>::Name(const Shdr<E>& section) const {
  auto name = names_.CString(section.sh_name);
  return name.ok() ? *name : StringRef();
}

template <class E>
const Shdr<E>* SectionTable<E>::FindType(uint32_t type) const {
  for (const Shdr<E>& section : sections_) {
    if (section.sh_type == type) return &section;
  }
  return nullptr;
}

template class ElfHeaders<Elf32Le>;
template class ElfHeaders<Elf32Be>;
template class ElfHeaders<Elf64Le>;
template class ElfHeaders<Elf64Be>;
template class SectionTable<Elf32Le>;
template class SectionTable<Elf32Be>;
template class SectionTable<Elf64Le>;
template class SectionTable<Elf64Be>;

}  // namespace relink::elf
