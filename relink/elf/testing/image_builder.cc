// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/image_builder.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>
#include <vector>

#include "relink/elf/testing/image_sections.h"
#include "relink/elf/testing/image_symbols.h"
#include "relink/support/address.h"

namespace relink::elf {
namespace {

// Unloaded sections have no address; the writable segment lies one page, the
// hole, above its file offset.
uint64_t Bias(ImageGroup group) {
  const bool writable =
      group == ImageGroup::kRelro || group == ImageGroup::kWritable;
  return writable ? kImagePage : 0;
}

// The file offset at which `group` may start, after what ends at `end`.
uint64_t StartOf(ImageGroup group, uint64_t end) {
  const bool whole_pages =
      group != ImageGroup::kReadOnly && group != ImageGroup::kUnloaded;
  return whole_pages ? AlignUp(end, kImagePage) : end;
}

PlaceMap LayOut(const std::vector<ImageSection>& sections, uint64_t headers) {
  PlaceMap places;
  uint64_t at = headers;
  ImageGroup group = ImageGroup::kReadOnly;
  uint16_t index = 0;
  for (const ImageSection& section : sections) {
    if (section.group != group) at = StartOf(section.group, at);
    group = section.group;
    at = AlignUp(at, section.align);
    const bool loaded = group != ImageGroup::kUnloaded;
    places[section.name] = {.offset = at,
                            .addr = loaded ? at + Bias(group) : 0,
                            .size = section.size(),
                            .section = ++index};
    at += section.bytes.size();
  }
  return places;
}

// Writes the headers of an image whose sections are in place.
template <class E>
class HeaderWriter {
 public:
  HeaderWriter(const ImageSpec& spec, const std::vector<ImageSection>& sections,
               Image<E>* image)
      : spec_(spec), sections_(sections), image_(*image) {}

  static uint64_t SegmentCount(const ImageSpec& spec) {
    return 7u + !spec.notes.empty() + spec.eh_frame + !spec.tls.empty();
  }

  void Write() {
    WriteHeader();
    WriteSegments();
    if (spec_.section_headers) WriteSectionHeaders();
  }

 private:
  void WriteHeader() {
    Ehdr<E>& header = image_.header();
    const uint8_t ident[] = {0x7f, 'E', 'L', 'F', E::kClass, E::kData, 1};
    std::memcpy(header.e_ident, ident, sizeof(ident));
    header.e_type = kEtDyn;
    header.e_machine = spec_.machine;
    header.e_version = kEvCurrent;
    header.e_phoff = Word<E>(sizeof(Ehdr<E>));
    header.e_ehsize = uint16_t{sizeof(Ehdr<E>)};
    header.e_phentsize = uint16_t{sizeof(Phdr<E>)};
    header.e_phnum = static_cast<uint16_t>(SegmentCount(spec_));
    header.e_shentsize = uint16_t{sizeof(Shdr<E>)};
  }

  void WriteSegments() {
    const uint64_t headers =
        sizeof(Ehdr<E>) + SegmentCount(spec_) * sizeof(Phdr<E>);
    Add(kPtPhdr, kPfR,
        {.offset = sizeof(Ehdr<E>),
         .addr = sizeof(Ehdr<E>),
         .size = headers - sizeof(Ehdr<E>)});
    Place read_only = GroupPlace(ImageGroup::kReadOnly);
    read_only = {.size = std::max(read_only.end(), headers)};
    Place writable = GroupPlace(ImageGroup::kRelro);
    const Place data = GroupPlace(ImageGroup::kWritable);
    if (data.size != 0) writable.size = data.end() - writable.offset;
    Add(kPtLoad, kPfR, read_only, kImagePage);
    Add(kPtLoad, kPfR | kPfX, GroupPlace(ImageGroup::kCode), kImagePage);
    Add(kPtLoad, kPfR | kPfW, writable, kImagePage).p_filesz =
        Word<E>(writable.size - spec_.bss_size);
    Add(kPtDynamic, kPfR | kPfW, image_.place(".dynamic"));
    if (!spec_.notes.empty()) Add(kPtNote, kPfR, image_.place(".note"), 4);
    if (spec_.eh_frame) {
      Add(kPtGnuEhFrame, kPfR, image_.place(".eh_frame_hdr"), 4);
    }
    if (!spec_.tls.empty()) {
      Phdr<E>& tls = Add(kPtTls, kPfR, image_.place(".tdata"));
      tls.p_memsz = Word<E>(tls.p_memsz + spec_.tls_bss_size);
    }
    Place relro = GroupPlace(ImageGroup::kRelro);
    relro.size = AlignUp(relro.size, kImagePage);
    if (data.size == 0) relro.size = writable.size;
    Add(kPtGnuRelro, kPfR, relro, 1);
    Add(kPtGnuStack, kPfR | kPfW, {}, 16);
  }

  Phdr<E>& Add(uint32_t type, uint32_t flags, const Place& place,
               uint64_t align = sizeof(typename E::Native)) {
    Phdr<E>& segment = image_.segment_at(segment_count_++);
    segment.p_type = type;
    segment.p_flags = flags;
    segment.p_offset = Word<E>(place.offset);
    segment.p_vaddr = segment.p_paddr = Word<E>(place.addr);
    segment.p_filesz = segment.p_memsz = Word<E>(place.size);
    segment.p_align = Word<E>(align);
    return segment;
  }

  // From the first to the last byte of a group, with its .bss.
  Place GroupPlace(ImageGroup group) const {
    Place whole;
    for (const ImageSection& section : sections_) {
      if (section.group != group) continue;
      const Place& place = image_.place(section.name);
      if (whole.size == 0) whole = place;
      whole.size = place.end() - whole.offset;
    }
    return whole;
  }

  void WriteSectionHeaders() {
    Ehdr<E>& header = image_.header();
    const uint64_t at =
        AlignUp(image_.place(".shstrtab").end(), sizeof(typename E::Native));
    header.e_shoff = Word<E>(at);
    header.e_shnum = static_cast<uint16_t>(sections_.size() + 1);
    header.e_shstrndx = image_.place(".shstrtab").section;
    const ImageSection& names = sections_.back();
    for (const ImageSection& section : sections_) {
      const Place& place = image_.place(section.name);
      Shdr<E>& record =
          image_.template At<Shdr<E>>(at + place.section * sizeof(Shdr<E>));
      const char* end = section.name + std::strlen(section.name) + 1;
      auto name = std::search(
          names.bytes.begin(), names.bytes.end(), section.name, end,
          [](std::byte a, char b) { return a == static_cast<std::byte>(b); });
      record.sh_name = static_cast<uint32_t>(name - names.bytes.begin());
      record.sh_type = section.type;
      record.sh_flags = Word<E>(section.flags);
      record.sh_addr = Word<E>(place.addr);
      record.sh_offset = Word<E>(place.offset);
      record.sh_size = Word<E>(place.size);
      record.sh_link = section.link != nullptr
                           ? uint32_t{image_.place(section.link).section}
                           : 0u;
      record.sh_info = section.info;
      record.sh_addralign = Word<E>(section.align);
      record.sh_entsize = Word<E>(section.entsize);
    }
  }

  const ImageSpec& spec_;
  const std::vector<ImageSection>& sections_;
  Image<E>& image_;
  uint64_t segment_count_ = 0;
};

}  // namespace

template <class E>
Phdr<E>& Image<E>::segment(uint32_t type, int nth) {
  for (uint64_t i = 0; i < header().e_phnum; ++i) {
    if (segment_at(i).p_type == type && nth-- == 0) return segment_at(i);
  }
  throw std::out_of_range("no such segment");
}

template <class E>
Dyn<E>& Image<E>::dynamic(int64_t tag) {
  const Place& table = place(".dynamic");
  for (uint64_t i = 0; i < table.size / sizeof(Dyn<E>); ++i) {
    Dyn<E>& entry = At<Dyn<E>>(".dynamic", i);
    if (entry.d_tag == tag) return entry;
  }
  throw std::out_of_range("no such dynamic entry");
}

template <class E>
void Image<E>::AddDynamic(int64_t tag, uint64_t value) {
  Dyn<E>& entry = dynamic(kDtNull);
  entry.d_tag = static_cast<typename E::SignedNative>(tag);
  entry.d_val = Word<E>(value);
}

template <class E>
Image<E> BuildImage(const ImageSpec& spec) {
  const uint64_t headers =
      sizeof(Ehdr<E>) + HeaderWriter<E>::SegmentCount(spec) * sizeof(Phdr<E>);
  Image<E> image;
  std::vector<ImageSection> sections;
  // Contents depend on addresses, and the size of a RELR table does too: until
  // nothing moves.
  for (;;) {
    sections = MakeImageSections<E>(spec, image.places, &image.index);
    PlaceMap places = LayOut(sections, headers);
    if (places == image.places) break;
    image.places = std::move(places);
  }
  uint64_t size = headers;
  for (const ImageSection& section : sections) {
    size =
        std::max(size, image.place(section.name).offset + section.bytes.size());
  }
  if (spec.section_headers) {
    size = AlignUp(size, sizeof(typename E::Native)) +
           (sections.size() + 1) * sizeof(Shdr<E>);
  }
  image.bytes.resize(size);
  for (const ImageSection& section : sections) {
    std::copy(section.bytes.begin(), section.bytes.end(),
              image.bytes.begin() + static_cast<std::ptrdiff_t>(
                                        image.place(section.name).offset));
  }
  HeaderWriter<E>(spec, sections, &image).Write();
  return image;
}

template struct Image<Elf32Le>;
template struct Image<Elf32Be>;
template struct Image<Elf64Le>;
template struct Image<Elf64Be>;
template Image<Elf32Le> BuildImage(const ImageSpec&);
template Image<Elf32Be> BuildImage(const ImageSpec&);
template Image<Elf64Le> BuildImage(const ImageSpec&);
template Image<Elf64Be> BuildImage(const ImageSpec&);

}  // namespace relink::elf
