// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_IMAGE_SECTIONS_H_
#define RELINK_ELF_TESTING_IMAGE_SECTIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "relink/elf/testing/image_spec.h"

// For tests only: the sections of an image before they have headers.
namespace relink::elf {

// Which segment a section is in; sections stand in this order.
enum class ImageGroup { kReadOnly, kCode, kRelro, kWritable, kUnloaded };

struct ImageSection {
  const char* name;
  uint32_t type;
  uint64_t flags;
  ImageGroup group;
  Bytes bytes;
  uint64_t align = 8;
  uint64_t entsize = 0;
  const char* link = nullptr;  // The section that sh_link names.
  uint32_t info = 0;
  uint64_t bss_size = 0;

  uint64_t size() const { return bytes.size() + bss_size; }
};

// The sections of `spec`, given where they will lie; how many there are does
// not depend on that. Empty ones are left out.
template <class E>
std::vector<ImageSection> MakeImageSections(
    const ImageSpec& spec, const PlaceMap& places,
    std::map<std::string, uint32_t>* symbol_index);

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_IMAGE_SECTIONS_H_
