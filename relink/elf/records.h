// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_RECORDS_H_
#define RELINK_ELF_RECORDS_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "relink/elf/constants.h"
#include "relink/support/byte_order.h"

// The records of an ELF file as they lie on disk, for both classes and byte
// orders. Field names are the specification's own.
namespace relink::elf {

// The one parameter of this layer: a class and a byte order, and the integer
// types that follow from them.
template <int kBits, std::endian kByteOrder>
struct ElfType {
  static constexpr bool kIs64 = kBits == 64;
  static constexpr std::endian kOrder = kByteOrder;
  static constexpr uint8_t kClass = kIs64 ? kElfClass64 : kElfClass32;
  static constexpr uint8_t kData =
      kOrder == std::endian::little ? kElfData2Lsb : kElfData2Msb;

  // The natural word: Addr and Off.
  using Native = std::conditional_t<kIs64, uint64_t, uint32_t>;
  using SignedNative = std::conditional_t<kIs64, int64_t, int32_t>;

  using Half = Packed<uint16_t, kOrder>;
  using Word = Packed<uint32_t, kOrder>;
  using Sword = Packed<int32_t, kOrder>;
  using Addr = Packed<Native, kOrder>;
  using Saddr = Packed<SignedNative, kOrder>;
};

using Elf32Le = ElfType<32, std::endian::little>;
using Elf32Be = ElfType<32, std::endian::big>;
using Elf64Le = ElfType<64, std::endian::little>;
using Elf64Be = ElfType<64, std::endian::big>;

template <class E>
struct Ehdr {
  uint8_t e_ident[kEiNident];
  typename E::Half e_type;
  typename E::Half e_machine;
  typename E::Word e_version;
  typename E::Addr e_entry;
  typename E::Addr e_phoff;
  typename E::Addr e_shoff;
  typename E::Word e_flags;
  typename E::Half e_ehsize;
  typename E::Half e_phentsize;
  typename E::Half e_phnum;
  typename E::Half e_shentsize;
  typename E::Half e_shnum;
  typename E::Half e_shstrndx;
};

template <class E>
struct Phdr64 {
  typename E::Word p_type;
  typename E::Word p_flags;
  typename E::Addr p_offset;
  typename E::Addr p_vaddr;
  typename E::Addr p_paddr;
  typename E::Addr p_filesz;
  typename E::Addr p_memsz;
  typename E::Addr p_align;
};
template <class E>
struct Phdr32 {
  typename E::Word p_type;
  typename E::Addr p_offset;
  typename E::Addr p_vaddr;
  typename E::Addr p_paddr;
  typename E::Addr p_filesz;
  typename E::Addr p_memsz;
  typename E::Word p_flags;
  typename E::Addr p_align;
};
template <class E>
using Phdr = std::conditional_t<E::kIs64, Phdr64<E>, Phdr32<E>>;

template <class E>
struct Shdr {
  typename E::Word sh_name;
  typename E::Word sh_type;
  typename E::Addr sh_flags;
  typename E::Addr sh_addr;
  typename E::Addr sh_offset;
  typename E::Addr sh_size;
  typename E::Word sh_link;
  typename E::Word sh_info;
  typename E::Addr sh_addralign;
  typename E::Addr sh_entsize;
};

template <class E>
struct Dyn {
  typename E::Saddr d_tag;
  typename E::Addr d_val;  // d_un: d_val and d_ptr are the same bytes.
};

template <class E>
struct Sym64 {
  typename E::Word st_name;
  uint8_t st_info;
  uint8_t st_other;
  typename E::Half st_shndx;
  typename E::Addr st_value;
  typename E::Addr st_size;
};
template <class E>
struct Sym32 {
  typename E::Word st_name;
  typename E::Addr st_value;
  typename E::Addr st_size;
  uint8_t st_info;
  uint8_t st_other;
  typename E::Half st_shndx;
};
template <class E>
struct Sym : std::conditional_t<E::kIs64, Sym64<E>, Sym32<E>> {
  uint8_t bind() const { return this->st_info >> 4; }
  uint8_t type() const { return this->st_info & 0xf; }
  uint8_t visibility() const { return this->st_other & 3; }
  bool undefined() const { return this->st_shndx == kShnUndef; }
};

template <class E>
struct Rel {
  typename E::Addr r_offset;
  typename E::Addr r_info;

  uint32_t sym() const {
    if constexpr (E::kIs64) return static_cast<uint32_t>(r_info >> 32);
    return static_cast<uint32_t>(r_info >> 8);
  }
  uint32_t type() const {
    if constexpr (E::kIs64) return static_cast<uint32_t>(r_info);
    return static_cast<uint8_t>(r_info);
  }
};
template <class E>
struct Rela : Rel<E> {
  typename E::Saddr r_addend;
};

template <class E>
struct GnuHashHeader {
  typename E::Word nbuckets;
  typename E::Word symoffset;
  typename E::Word bloom_size;
  typename E::Word bloom_shift;
};

template <class E>
struct Verdef {
  typename E::Half vd_version;
  typename E::Half vd_flags;
  typename E::Half vd_ndx;
  typename E::Half vd_cnt;
  typename E::Word vd_hash;
  typename E::Word vd_aux;
  typename E::Word vd_next;
};
template <class E>
struct Verdaux {
  typename E::Word vda_name;
  typename E::Word vda_next;
};
template <class E>
struct Verneed {
  typename E::Half vn_version;
  typename E::Half vn_cnt;
  typename E::Word vn_file;
  typename E::Word vn_aux;
  typename E::Word vn_next;
};
template <class E>
struct Vernaux {
  typename E::Word vna_hash;
  typename E::Half vna_flags;
  typename E::Half vna_other;
  typename E::Word vna_name;
  typename E::Word vna_next;
};

template <class E>
struct Nhdr {
  typename E::Word n_namesz;
  typename E::Word n_descsz;
  typename E::Word n_type;
};

static_assert(OnDisk<Ehdr<Elf64Le>> && sizeof(Ehdr<Elf64Le>) == 64);
static_assert(OnDisk<Ehdr<Elf32Be>> && sizeof(Ehdr<Elf32Be>) == 52);
static_assert(sizeof(Phdr<Elf64Le>) == 56 && sizeof(Phdr<Elf32Le>) == 32);
static_assert(sizeof(Shdr<Elf64Le>) == 64 && sizeof(Shdr<Elf32Le>) == 40);
static_assert(sizeof(Dyn<Elf64Le>) == 16 && sizeof(Dyn<Elf32Le>) == 8);
static_assert(OnDisk<Sym<Elf64Le>> && sizeof(Sym<Elf64Le>) == 24);
static_assert(OnDisk<Sym<Elf32Le>> && sizeof(Sym<Elf32Le>) == 16);
static_assert(OnDisk<Rela<Elf64Le>> && sizeof(Rela<Elf64Le>) == 24);
static_assert(OnDisk<Rel<Elf32Le>> && sizeof(Rel<Elf32Le>) == 8);
static_assert(sizeof(Verdef<Elf64Le>) == 20 && sizeof(Verneed<Elf64Le>) == 16);
static_assert(sizeof(Vernaux<Elf64Le>) == 16 && sizeof(Nhdr<Elf64Le>) == 12);

}  // namespace relink::elf

#endif  // RELINK_ELF_RECORDS_H_
