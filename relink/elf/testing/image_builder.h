// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_IMAGE_BUILDER_H_
#define RELINK_ELF_TESTING_IMAGE_BUILDER_H_

#include <cstdint>
#include <map>
#include <string>

#include "relink/elf/records.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/support/byte_order.h"
#include "relink/support/byte_view.h"

// For tests only: small shared objects of any class and byte order, in memory.
//
//   ImageSpec spec{.text = BytesOf({0xb8, 42, 0, 0, 0, 0xc3})};
//   spec.symbols.push_back({.name = "answer", .size = 6});
//   Image<Elf64Le> image = BuildImage<Elf64Le>(spec);
//   image.segment(kPtLoad).p_memsz = UINT64_MAX;  // Now break it.
namespace relink::elf {

// The page that segments are aligned to.
inline constexpr uint64_t kImagePage = 0x1000;

// A built image, and where everything in it is, so that a test can break one
// part. Asking for a part that the image does not have throws.
template <class E>
struct Image {
  Bytes bytes;
  PlaceMap places;                        // By section name.
  std::map<std::string, uint32_t> index;  // Of symbols, as SymbolTables::index.

  ByteView view() const { return ByteView(bytes); }
  const Place& place(const std::string& section) const {
    return places.at(section);
  }

  // The record at a file offset, to change it.
  template <OnDisk T>
  T& At(uint64_t offset) {
    return *reinterpret_cast<T*>(&bytes.at(offset + sizeof(T) - 1) + 1 -
                                 sizeof(T));
  }
  // The `i`th record of a section.
  template <OnDisk T>
  T& At(const std::string& section, uint64_t i) {
    return At<T>(place(section).offset + i * sizeof(T));
  }

  Ehdr<E>& header() { return At<Ehdr<E>>(0); }
  Phdr<E>& segment_at(uint64_t i) {
    return At<Phdr<E>>(header().e_phoff + i * sizeof(Phdr<E>));
  }
  // The `nth` segment of a type, and the section header of a name.
  Phdr<E>& segment(uint32_t type, int nth = 0);
  Shdr<E>& section(const std::string& name) {
    return At<Shdr<E>>(header().e_shoff +
                       place(name).section * sizeof(Shdr<E>));
  }
  // The first entry of the tag. Adding one uses up a spare DT_NULL: there are
  // kSpareDynamic.
  Dyn<E>& dynamic(int64_t tag);
  void AddDynamic(int64_t tag, uint64_t value);
  Sym<E>& symbol(const std::string& name) {
    return At<Sym<E>>(".dynsym", index.at(name));
  }
};

// Three PT_LOAD segments, page aligned: headers and read-only tables; .text;
// and, after an unmapped hole of one page, .tdata, .init_array, .fini_array,
// .dynamic and .got (PT_GNU_RELRO, a whole number of pages), .data, .bss.
template <class E>
Image<E> BuildImage(const ImageSpec& spec);

extern template struct Image<Elf32Le>;
extern template struct Image<Elf32Be>;
extern template struct Image<Elf64Le>;
extern template struct Image<Elf64Be>;
extern template Image<Elf32Le> BuildImage(const ImageSpec&);
extern template Image<Elf32Be> BuildImage(const ImageSpec&);
extern template Image<Elf64Le> BuildImage(const ImageSpec&);
extern template Image<Elf64Be> BuildImage(const ImageSpec&);

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_IMAGE_BUILDER_H_
