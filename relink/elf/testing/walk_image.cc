// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/testing/walk_image.h"

#include "relink/elf/address_view.h"
#include "relink/elf/eh_frame.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/notes.h"
#include "relink/elf/testing/walk_tables.h"

namespace relink::elf {
namespace {

template <class E>
void WalkNotes(ByteView bytes, uint64_t alignment, Walk* walk) {
  walk->Ok(ForEachNote<E>(bytes, alignment, [&](const Note& note) {
    walk->Read(note.name);
    walk->Read(note.description);
    walk->Add(note.type);
  }));
}

}  // namespace

template <class E>
void WalkLoaded(ByteView bytes, Walk* walk) {
  auto file = ElfFile<E>::Parse(bytes);
  if (!walk->Ok(file)) return;
  walk->Add(file->header().e_type + file->header().e_machine);
  const auto view = AddressView<E>::OfFile(*file);
  bool seen = false;
  for (const Phdr<E>& segment : file->segments()) {
    // Only a hostile file has more than one: the first is enough.
    if (segment.p_type != kPtDynamic || seen) continue;
    seen = true;
    const ByteView contents = file->Contents(segment);
    auto table =
        contents.template Records<Dyn<E>>(0, contents.size() / sizeof(Dyn<E>));
    if (walk->Ok(table)) WalkDynamic<E>(view, *table, walk);
  }
}

template <class E>
void WalkUnloaded(ByteView bytes, Walk* walk) {
  auto file = ElfFile<E>::Parse(bytes);
  if (!walk->Ok(file)) return;
  const auto view = AddressView<E>::OfFile(*file);
  // Segments and sections may overlap: read this much in all.
  uint64_t budget = 64 * bytes.size();
  auto afford = [&](ByteView part) {
    const bool affordable = part.size() <= budget;
    if (affordable) budget -= part.size();
    return affordable;
  };
  for (const Phdr<E>& segment : file->segments()) {
    const ByteView contents = file->Contents(segment);
    if (!afford(contents)) break;
    walk->Read(contents);
    if (segment.p_type == kPtNote) {
      WalkNotes<E>(contents, segment.p_align, walk);
    } else if (segment.p_type == kPtGnuEhFrame) {
      walk->Ok(
          FindEhFrame<E>(view, {LinkAddr(segment.p_vaddr), segment.p_memsz}));
    }
  }
  walk->Read(FindBuildId<E>(*file));
  auto sections = SectionTable<E>::Parse(*file);
  if (!walk->Ok(sections)) return;
  for (const Shdr<E>& section : sections->sections()) {
    const ByteView contents = sections->Contents(section);
    const StringRef name = sections->Name(section);
    if (!afford(contents) || !afford(ByteView(name.data(), name.size()))) break;
    walk->Read(name);
    walk->Read(contents);
    if (section.sh_type == kShtNote) {
      WalkNotes<E>(contents, section.sh_addralign, walk);
    }
  }
  walk->Add(sections->FindType(kShtDynamic) != nullptr);
}

#define RELINK_INSTANTIATE(E)                   \
  template void WalkLoaded<E>(ByteView, Walk*); \
  template void WalkUnloaded<E>(ByteView, Walk*)

RELINK_INSTANTIATE(Elf32Le);
RELINK_INSTANTIATE(Elf32Be);
RELINK_INSTANTIATE(Elf64Le);
RELINK_INSTANTIATE(Elf64Be);

}  // namespace relink::elf
