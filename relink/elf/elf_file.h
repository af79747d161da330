// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_ELF_FILE_H_
#define RELINK_ELF_ELF_FILE_H_

#include <cstdint>
#include <span>

#include "relink/elf/records.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// What e_ident says of a file.
struct Identity {
  uint8_t elf_class;   // kElfClass32 or kElfClass64.
  uint8_t byte_order;  // kElfData2Lsb or kElfData2Msb.
};

// Recognises an ELF file of any class and byte order.
// kMalformed: no ELF magic, or an unknown class, byte order or version.
Result<Identity> Identify(ByteView file);

// A validated view of one file's header and program headers.
//
// Holding an `ElfFile` proves that the header is well-formed, that the program
// header table lies in the file, and that every segment's file range does too.
// It needs no section headers. Copies nothing; the bytes must outlive it.
template <class E>
class ElfFile {
 public:
  // kMalformed: not ELF of this class and byte order, or an inconsistent
  // header.  kOutOfRange: truncated.
  static Result<ElfFile> Parse(ByteView file);

  ByteView bytes() const { return file_; }
  const Ehdr<E>& header() const { return *header_; }
  std::span<const Phdr<E>> segments() const { return segments_; }

  // The file-backed part of `segment`, which must be one of `segments()`.
  // Empty for PT_NULL.
  ByteView Contents(const Phdr<E>& segment) const {
    if (segment.p_type == kPtNull) return ByteView();
    return ByteView(
        file_.bytes().subspan(segment.p_offset, segment.p_filesz));
  }

 private:
  ElfFile(ByteView file, const Ehdr<E>* header,
          std::span<const Phdr<E>> segments)
      : file_(file), header_(header), segments_(segments) {}

  ByteView file_;
  const Ehdr<E>* header_;
  std::span<const Phdr<E>> segments_;
};

// A validated view of the section headers. Separate from `ElfFile` because
// loading needs none and stripped files may have a broken table.
template <class E>
class SectionTable {
 public:
  // An empty table if the file has none. Handles extended numbering (gABI,
  // "Sections": e_shnum 0, e_shstrndx SHN_XINDEX).
  // kMalformed, kOutOfRange: the table, a section's contents or the name table
  // are not where they say.
  static Result<SectionTable> Parse(const ElfFile<E>& file);

  std::span<const Shdr<E>> sections() const { return sections_; }

  // Empty if the offset is outside of the name table.
  StringRef Name(const Shdr<E>& section) const;

  // Empty for SHT_NOBITS and SHT_NULL.
  ByteView Contents(const Shdr<E>& section) const {
    if (section.sh_type == kShtNobits || section.sh_type == kShtNull) {
      return ByteView();
    }
    return ByteView(
        file_.bytes().subspan(section.sh_offset, section.sh_size));
  }

  // The first section of `type`, or null.
  const Shdr<E>* FindType(uint32_t type) const;

 private:
  SectionTable() = default;

  ByteView file_;
  std::span<const Shdr<E>> sections_;
  ByteView names_;
};

extern template class ElfFile<Elf32Le>;
extern template class ElfFile<Elf32Be>;
extern template class ElfFile<Elf64Le>;
extern template class ElfFile<Elf64Be>;
extern template class SectionTable<Elf32Le>;
extern template class SectionTable<Elf32Be>;
extern template class SectionTable<Elf64Le>;
extern template class SectionTable<Elf64Be>;

}  // namespace relink::elf

#endif  // RELINK_ELF_ELF_FILE_H_
