// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Writes the small valid images that fuzz targets start from into a directory,
// given as the only argument. The names are those of :seed_images in BUILD.

#include <cstdio>
#include <fstream>
#include <string>

#include "relink/elf/image_builder.h"
#include "relink/elf/image_tables.h"
#include "relink/elf/loadable_image.h"

namespace {

using namespace relink::elf;  // NOLINT: the tool is of that folder

void Write(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

template <class E>
void WriteImages(const std::string& prefix) {
  ImageSpec spec = LoadableSpec();
  Write(prefix + "_gnu_hash_rela", BuildImage<E>(spec).bytes);
  spec.gnu_hash = false;
  spec.sysv_hash = true;
  spec.rela = false;
  spec.section_headers = false;
  Write(prefix + "_sysv_hash_rel", BuildImage<E>(spec).bytes);
  Write(prefix + "_notes", MakeNotes<E>(spec.notes));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: write_seed_images DIRECTORY\n", stderr);
    return 2;
  }
  const std::string directory = std::string(argv[1]) + "/seed_";
  WriteImages<Elf32Le>(directory + "elf32le");
  WriteImages<Elf32Be>(directory + "elf32be");
  WriteImages<Elf64Le>(directory + "elf64le");
  WriteImages<Elf64Be>(directory + "elf64be");
  return 0;
}
