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

// A validated view of one file's header and program headers: all that closed
// loading needs of it. Copies nothing; the bytes must outlive it.
//
// Holding one proves that the header is well-formed, and that the program
// header table and every segment's file range lie in the file.
template <class E>
class ElfHeaders {
 public:
  // `prefix` is the file's beginning, as far as it was read; `file_size` is the
  // whole file's.
  // kMalformed: not ELF of this class and byte order, or an inconsistent
  // header.  kOutOfRange: truncated, or the table is not inside of `prefix`.
  static Result<ElfHeaders> Parse(ByteView prefix, uint64_t file_size);

  const Ehdr<E>& header() const { return *header_; }
  std::span<const Phdr<E>> segments() const { return segments_; }

 private:
  ElfHeaders(const Ehdr<E>* header, std::span<const Phdr<E>> segments)
      : header_(header), segments_(segments) {}

  const Ehdr<E>* header_;
  std::span<const Phdr<E>> segments_;
};

// The same with all of the file's bytes. Needs no section headers.
template <class E>
class ElfFile {
 public:
  // Errors as ElfHeaders::Parse.
  static Result<ElfFile> Parse(ByteView file) {
    RELINK_TRY_ASSIGN(ElfHeaders<E> headers,
                      ElfHeaders<E>::Parse(file, file.size()));
    return ElfFile(file, headers);
  }

  ByteView bytes() const { return file_; }
  const Ehdr<E>& header() const { return headers_.header(); }
  std::span<const Phdr<E>> segments() const { return headers_.segments(); }

  // The file-backed part of `segment`, which must be one of `segments()`.
  // Empty for PT_NULL.
  ByteView Contents(const Phdr<E>& segment) const {
    if (segment.p_type == kPtNull) return ByteView();
    return ByteView(file_.bytes().subspan(segment.p_offset, segment.p_filesz));
  }

 private:
  ElfFile(ByteView file, ElfHeaders<E> headers)
      : file_(file), headers_(headers) {}

  ByteView file_;
  ElfHeaders<E> headers_;
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
    return ByteView(file_.bytes().subspan(section.sh_offset, section.sh_size));
  }

  // The first section of `type`, or null.
  const Shdr<E>* FindType(uint32_t type) const;

 private:
  SectionTable() = default;

  ByteView file_;
  std::span<const Shdr<E>> sections_;
  ByteView names_;
};

extern template class ElfHeaders<Elf32Le>;
extern template class ElfHeaders<Elf32Be>;
extern template class ElfHeaders<Elf64Le>;
extern template class ElfHeaders<Elf64Be>;
extern template class SectionTable<Elf32Le>;
extern template class SectionTable<Elf32Be>;
extern template class SectionTable<Elf64Le>;
extern template class SectionTable<Elf64Be>;

}  // namespace relink::elf

#endif  // RELINK_ELF_ELF_FILE_H_
