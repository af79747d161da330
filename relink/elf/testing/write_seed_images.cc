// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Writes the small valid images and tables that fuzz targets start from into a
// directory, given as the only argument. The names are those of SEEDS in BUILD.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <string>

#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_tables.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/packed_tables.h"
#include "relink/support/address.h"

namespace {

using namespace relink::elf;  // NOLINT: the tool is of that folder

void Write(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

// A section's bytes.
template <class E>
Bytes Section(const Image<E>& image, const std::string& name) {
  const Place& place = image.place(name);
  const auto at = [&](uint64_t offset) {
    return image.bytes.begin() + static_cast<std::ptrdiff_t>(offset);
  };
  return {at(place.offset), at(place.end())};
}

// As PackedTables reads them: the dynamic table, then every section that one of
// its entries holds the address of, which now is another.
template <class E>
Bytes Pack(Image<E> image) {
  Bytes packed = Section(image, ".dynamic");
  for (const auto& [name, place] : image.places) {
    if (place.addr == 0 || name == ".bss") continue;
    bool named = false;
    for (uint64_t i = 0;
         (i + 1) * sizeof(Dyn<E>) <= image.place(".dynamic").size; ++i) {
      auto& entry = reinterpret_cast<Dyn<E>*>(packed.data())[i];
      if (entry.d_val != place.addr) continue;
      named = true;
      entry.d_val =
          static_cast<uint32_t>(PackedTables<E>::kAddr + packed.size());
    }
    if (!named) continue;
    const Bytes section = Section(image, name);
    packed.insert(packed.end(), section.begin(), section.end());
    packed.resize(relink::AlignUp(packed.size(), 8));
  }
  return packed;
}

template <class E>
void WriteImages(const std::string& prefix) {
  ImageSpec spec = LoadableSpec();
  const Image<E> newer = BuildImage<E>(spec);
  Write(prefix + "_gnu_hash_rela", newer.bytes);
  Write(prefix + "_gnu_hash_rela_tables", Pack(newer));
  Write(prefix + "_gnu_hash", Section(newer, ".gnu.hash"));
  Bytes frames = Section(newer, ".eh_frame_hdr");
  const Bytes records = Section(newer, ".eh_frame");
  frames.resize(newer.place(".eh_frame").offset -
                newer.place(".eh_frame_hdr").offset);
  frames.insert(frames.end(), records.begin(), records.end());
  frames.resize(frames.size() + 4);  // The word that ends the records.
  Write(prefix + "_eh_frame", frames);
  spec.gnu_hash = false;
  spec.sysv_hash = true;
  spec.rela = false;
  spec.section_headers = false;
  const Image<E> older = BuildImage<E>(spec);
  Write(prefix + "_sysv_hash_rel", older.bytes);
  Write(prefix + "_sysv_hash_rel_tables", Pack(older));
  Write(prefix + "_sysv_hash", Section(older, ".hash"));
  Write(prefix + "_notes", MakeNotes<E>(spec.notes));
  // No @LPStart, @TTBase pcrel sdata4, a ULEB128 table of two call sites.
  Write(prefix + "_lsda",
        BytesOf({0xff, 0x1b, 17, 0x01, 8, 5, 5, 64, 1, 20, 4,
                 0,    0,    1,  0,    0, 0, 0, 0,  0, 0,  0}));
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
