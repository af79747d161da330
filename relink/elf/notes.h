// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_NOTES_H_
#define RELINK_ELF_NOTES_H_

#include <cstdint>
#include <span>

#include "relink/elf/elf_file.h"
#include "relink/elf/records.h"

namespace relink::elf {

struct Note {
  StringRef name;  // Without its NUL.
  uint32_t type = 0;
  ByteView description;
};

// Calls `visit(const Note&)` for each note of a PT_NOTE segment or SHT_NOTE
// section. `alignment` is p_align or sh_addralign: 8 for properties, else 4
// (gABI, "Note Section"). kOutOfRange: a note runs past the end.
template <class E, typename Visit>
Result<void> ForEachNote(ByteView bytes, uint64_t alignment, Visit visit) {
  const uint64_t mask = (alignment == 8 ? 8 : 4) - 1;
  uint64_t at = 0;
  while (at < bytes.size()) {
    // Trailing padding shorter than a header is no note.
    if (bytes.size() - at < sizeof(Nhdr<E>)) return {};
    RELINK_TRY_ASSIGN(const Nhdr<E>* header,
                      bytes.template Record<Nhdr<E>>(at));
    const uint64_t name_at = at + sizeof(Nhdr<E>);
    const uint64_t name_size = header->n_namesz;
    const uint64_t desc_at = (name_at + name_size + mask) & ~mask;
    RELINK_TRY_ASSIGN(ByteView name, bytes.Slice(name_at, name_size));
    RELINK_TRY_ASSIGN(ByteView desc, bytes.Slice(desc_at, header->n_descsz));
    const char* text = reinterpret_cast<const char*>(name.data());
    const uint64_t size = name_size != 0 && text[name_size - 1] == '\0'
                              ? name_size - 1
                              : name_size;
    visit(Note{StringRef(text, size), header->n_type, desc});
    at = (desc_at + header->n_descsz + mask) & ~mask;
  }
  return {};
}

// The GNU build-id among the notes of one segment; an empty view if there is
// none that can be read.
template <class E>
ByteView BuildIdIn(ByteView notes, uint64_t alignment) {
  ByteView build_id;
  (void)ForEachNote<E>(notes, alignment, [&](const Note& note) {
    if (note.type == kNtGnuBuildId && note.name == StringRef("GNU")) {
      build_id = note.description;
    }
  });
  return build_id;
}

// The same of a whole file.
template <class E>
ByteView FindBuildId(const ElfFile<E>& file) {
  for (const Phdr<E>& segment : file.segments()) {
    if (segment.p_type != kPtNote) continue;
    const ByteView build_id =
        BuildIdIn<E>(file.Contents(segment), segment.p_align);
    if (build_id.size() != 0) return build_id;
  }
  return {};
}

}  // namespace relink::elf

#endif  // RELINK_ELF_NOTES_H_
