// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/malformed_images.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

MalformedImage NotElf(const char* name, const std::string& text) {
  MalformedImage image{.name = name,
                       .expected = ErrorCode::kMalformed,
                       .expect_substring = "not an ELF file"};
  for (char c : text) image.bytes.push_back(static_cast<std::byte>(c));
  return image;
}

// Where the last byte lies that a program header asks for.
uint64_t EndOfSegments(Image<Elf64Le> image) {
  uint64_t end = 0;
  for (uint64_t i = 0; i < image.header().e_phnum; ++i) {
    const Phdr<Elf64Le>& segment = image.segment_at(i);
    end = std::max(end, segment.p_offset + segment.p_filesz);
  }
  return end;
}

}  // namespace

void AddTruncations(MalformedList* list) {
  Image<Elf64Le>& base = list->base();
  const uint64_t whole = base.bytes.size();
  const uint64_t loaded = EndOfSegments(base);
  // Just before, at and just after every boundary, and in every middle.
  std::vector<uint64_t> sizes = {0, 1, 3, 4, 15, 16, 17, 40, 63, 64, 65};
  const uint64_t headers = base.header().e_phoff;
  for (uint64_t i = 1; i <= base.header().e_phnum; ++i) {
    sizes.push_back(headers + i * sizeof(Phdr<Elf64Le>));
    sizes.push_back(headers + i * sizeof(Phdr<Elf64Le>) - 28);
  }
  for (const auto& [name, place] : base.places) {
    if (name == ".bss") continue;
    sizes.push_back(place.offset);
    sizes.push_back(place.offset + place.size / 2);
    sizes.push_back(place.end() - 1);
  }
  for (uint64_t page = kImagePage; page < whole; page += kImagePage) {
    sizes.push_back(page);
    sizes.push_back(page - 1);
  }
  for (uint64_t at = base.header().e_shoff; at < whole;
       at += 5 * sizeof(Shdr<Elf64Le>)) {
    sizes.push_back(at);
    sizes.push_back(at + 20);
  }
  sizes.push_back(loaded);
  sizes.push_back(whole - 1);
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  for (uint64_t size : sizes) {
    const std::string name = absl::StrCat("truncated: to ", size, " bytes");
    auto truncate = [size](Image<Elf64Le>& i) { i.bytes.resize(size); };
    if (size >= loaded) {
      list->Odd(name, truncate, ErrorCode::kOutOfRange);
    } else if (size < 4) {
      list->Refused(name, ErrorCode::kMalformed, "not an ELF file", truncate);
    } else if (size < sizeof(Ehdr<Elf64Le>)) {
      list->Refused(name, ErrorCode::kOutOfRange, "truncated in", truncate);
    } else {
      list->Refused(name, ErrorCode::kOutOfRange, "past the end of the file",
                    truncate);
    }
  }
}

std::vector<MalformedImage> MalformedImages() {
  MalformedList list(BuildLoadable());
  AddTruncations(&list);
  AddMalformedHeaders(&list);
  AddMalformedSegments(&list);
  AddMalformedDynamic(&list);
  AddMalformedSymbols(&list);
  AddMalformedVersions(&list);
  AddMalformedRelocations(&list);
  AddMalformedUnwind(&list);

  ImageSpec spec = LoadableSpec();
  spec.gnu_hash = false;
  spec.sysv_hash = true;
  MalformedList sysv_list(BuildLoadable(spec));
  AddMalformedSysvHash(&sysv_list);

  std::vector<MalformedImage> images = std::move(list.images());
  std::move(sysv_list.images().begin(), sysv_list.images().end(),
            std::back_inserter(images));
  images.push_back(NotElf("not ELF: a script", "#!/bin/sh\nexit 1\n"));
  images.push_back(NotElf("not ELF: a linker script",
                          "INPUT(libloadable.so.1)\n" + std::string(64, ' ')));
  images.push_back(NotElf("not ELF: zeros", std::string(4096, '\0')));
  images.push_back(NotElf("not ELF: an archive", "!<arch>\n"));
  return images;
}

}  // namespace relink::elf
