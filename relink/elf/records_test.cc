// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/records.h"

// The system's names are macros, so its header comes after all of ours.
#include <elf.h>

#include <cstddef>
#include <cstring>

#include "gtest/gtest.h"

namespace relink::elf {
namespace {

#define EXPECT_SAME_FIELD(Ours, Theirs, field)               \
  EXPECT_EQ(offsetof(Ours, field), offsetof(Theirs, field)); \
  EXPECT_EQ(sizeof(Ours::field), sizeof(Theirs::field))

// Every record in both classes; the byte order changes no layout.
#define EXPECT_SAME_RECORD(Record, FOR_EACH_FIELD)                  \
  do {                                                              \
    EXPECT_EQ(sizeof(Record<Elf64Le>), sizeof(Elf64_##Record));     \
    EXPECT_EQ(sizeof(Record<Elf64Be>), sizeof(Elf64_##Record));     \
    EXPECT_EQ(sizeof(Record<Elf32Le>), sizeof(Elf32_##Record));     \
    EXPECT_EQ(sizeof(Record<Elf32Be>), sizeof(Elf32_##Record));     \
    EXPECT_TRUE(OnDisk<Record<Elf64Le>>&& OnDisk<Record<Elf32Be>>); \
    FOR_EACH_FIELD(Record<Elf64Le>, Elf64_##Record);                \
    FOR_EACH_FIELD(Record<Elf32Be>, Elf32_##Record);                \
  } while (false)

TEST(Ehdr, IsLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                    \
  EXPECT_SAME_FIELD(Ours, Theirs, e_ident);     \
  EXPECT_SAME_FIELD(Ours, Theirs, e_type);      \
  EXPECT_SAME_FIELD(Ours, Theirs, e_machine);   \
  EXPECT_SAME_FIELD(Ours, Theirs, e_version);   \
  EXPECT_SAME_FIELD(Ours, Theirs, e_entry);     \
  EXPECT_SAME_FIELD(Ours, Theirs, e_phoff);     \
  EXPECT_SAME_FIELD(Ours, Theirs, e_shoff);     \
  EXPECT_SAME_FIELD(Ours, Theirs, e_flags);     \
  EXPECT_SAME_FIELD(Ours, Theirs, e_ehsize);    \
  EXPECT_SAME_FIELD(Ours, Theirs, e_phentsize); \
  EXPECT_SAME_FIELD(Ours, Theirs, e_phnum);     \
  EXPECT_SAME_FIELD(Ours, Theirs, e_shentsize); \
  EXPECT_SAME_FIELD(Ours, Theirs, e_shnum);     \
  EXPECT_SAME_FIELD(Ours, Theirs, e_shstrndx)
  EXPECT_SAME_RECORD(Ehdr, FIELDS);
#undef FIELDS
}

TEST(Phdr, IsLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                 \
  EXPECT_SAME_FIELD(Ours, Theirs, p_type);   \
  EXPECT_SAME_FIELD(Ours, Theirs, p_flags);  \
  EXPECT_SAME_FIELD(Ours, Theirs, p_offset); \
  EXPECT_SAME_FIELD(Ours, Theirs, p_vaddr);  \
  EXPECT_SAME_FIELD(Ours, Theirs, p_paddr);  \
  EXPECT_SAME_FIELD(Ours, Theirs, p_filesz); \
  EXPECT_SAME_FIELD(Ours, Theirs, p_memsz);  \
  EXPECT_SAME_FIELD(Ours, Theirs, p_align)
  EXPECT_SAME_RECORD(Phdr, FIELDS);
#undef FIELDS
}

TEST(Shdr, IsLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                     \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_name);      \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_type);      \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_flags);     \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_addr);      \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_offset);    \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_size);      \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_link);      \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_info);      \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_addralign); \
  EXPECT_SAME_FIELD(Ours, Theirs, sh_entsize)
  EXPECT_SAME_RECORD(Shdr, FIELDS);
#undef FIELDS
}

TEST(Sym, IsLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                 \
  EXPECT_SAME_FIELD(Ours, Theirs, st_name);  \
  EXPECT_SAME_FIELD(Ours, Theirs, st_info);  \
  EXPECT_SAME_FIELD(Ours, Theirs, st_other); \
  EXPECT_SAME_FIELD(Ours, Theirs, st_shndx); \
  EXPECT_SAME_FIELD(Ours, Theirs, st_value); \
  EXPECT_SAME_FIELD(Ours, Theirs, st_size)
  EXPECT_SAME_RECORD(Sym, FIELDS);
#undef FIELDS
}

// Not standard-layout, so no offsetof: read the system's record instead.
TEST(Rela, IsLaidOutAsTheSystems) {
  EXPECT_EQ(sizeof(Rela<Elf32Le>), sizeof(Elf32_Rela));
  ASSERT_EQ(sizeof(Rela<Elf64Le>), sizeof(Elf64_Rela));
  const Elf64_Rela theirs = {.r_offset = 1, .r_info = 2, .r_addend = -3};
  Rela<Elf64Le> ours{};
  std::memcpy(static_cast<void*>(&ours), &theirs, sizeof(theirs));
  EXPECT_EQ(ours.r_offset, 1u);
  EXPECT_EQ(ours.r_info, 2u);
  EXPECT_EQ(ours.r_addend, -3);
}

TEST(Rel, IsLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                 \
  EXPECT_SAME_FIELD(Ours, Theirs, r_offset); \
  EXPECT_SAME_FIELD(Ours, Theirs, r_info)
  EXPECT_SAME_RECORD(Rel, FIELDS);
#undef FIELDS
}

TEST(Dyn, IsLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                                      \
  EXPECT_SAME_FIELD(Ours, Theirs, d_tag);                         \
  EXPECT_EQ(offsetof(Ours, d_val), offsetof(Theirs, d_un.d_val)); \
  EXPECT_EQ(sizeof(Ours::d_val), sizeof(Theirs::d_un))
  EXPECT_SAME_RECORD(Dyn, FIELDS);
#undef FIELDS
}

TEST(VersionRecords, AreLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                   \
  EXPECT_SAME_FIELD(Ours, Theirs, vd_version); \
  EXPECT_SAME_FIELD(Ours, Theirs, vd_flags);   \
  EXPECT_SAME_FIELD(Ours, Theirs, vd_ndx);     \
  EXPECT_SAME_FIELD(Ours, Theirs, vd_cnt);     \
  EXPECT_SAME_FIELD(Ours, Theirs, vd_hash);    \
  EXPECT_SAME_FIELD(Ours, Theirs, vd_aux);     \
  EXPECT_SAME_FIELD(Ours, Theirs, vd_next)
  EXPECT_SAME_RECORD(Verdef, FIELDS);
#undef FIELDS
#define FIELDS(Ours, Theirs)                 \
  EXPECT_SAME_FIELD(Ours, Theirs, vda_name); \
  EXPECT_SAME_FIELD(Ours, Theirs, vda_next)
  EXPECT_SAME_RECORD(Verdaux, FIELDS);
#undef FIELDS
#define FIELDS(Ours, Theirs)                   \
  EXPECT_SAME_FIELD(Ours, Theirs, vn_version); \
  EXPECT_SAME_FIELD(Ours, Theirs, vn_cnt);     \
  EXPECT_SAME_FIELD(Ours, Theirs, vn_file);    \
  EXPECT_SAME_FIELD(Ours, Theirs, vn_aux);     \
  EXPECT_SAME_FIELD(Ours, Theirs, vn_next)
  EXPECT_SAME_RECORD(Verneed, FIELDS);
#undef FIELDS
#define FIELDS(Ours, Theirs)                  \
  EXPECT_SAME_FIELD(Ours, Theirs, vna_hash);  \
  EXPECT_SAME_FIELD(Ours, Theirs, vna_flags); \
  EXPECT_SAME_FIELD(Ours, Theirs, vna_other); \
  EXPECT_SAME_FIELD(Ours, Theirs, vna_name);  \
  EXPECT_SAME_FIELD(Ours, Theirs, vna_next)
  EXPECT_SAME_RECORD(Vernaux, FIELDS);
#undef FIELDS
}

TEST(Nhdr, IsLaidOutAsTheSystems) {
#define FIELDS(Ours, Theirs)                 \
  EXPECT_SAME_FIELD(Ours, Theirs, n_namesz); \
  EXPECT_SAME_FIELD(Ours, Theirs, n_descsz); \
  EXPECT_SAME_FIELD(Ours, Theirs, n_type)
  EXPECT_SAME_RECORD(Nhdr, FIELDS);
#undef FIELDS
}

TEST(Sym, SplitsInfoAndOtherAsTheSystem) {
  Sym<Elf64Le> symbol{};
  symbol.st_info = ELF64_ST_INFO(STB_WEAK, STT_TLS);
  symbol.st_other = 0xe0 | STV_PROTECTED;
  EXPECT_EQ(symbol.bind(), STB_WEAK);
  EXPECT_EQ(symbol.type(), STT_TLS);
  EXPECT_EQ(symbol.visibility(), STV_PROTECTED);
  EXPECT_TRUE(symbol.undefined());
}

TEST(Rel, SplitsInfoAsTheSystem) {
  Rel<Elf64Be> wide{};
  wide.r_info = ELF64_R_INFO(uint64_t{0x89abcdef}, 0x76543210u);
  EXPECT_EQ(wide.sym(), 0x89abcdefu);
  EXPECT_EQ(wide.type(), 0x76543210u);
  Rel<Elf32Le> narrow{};
  narrow.r_info = ELF32_R_INFO(0xabcdefu, 0x98u);
  EXPECT_EQ(narrow.sym(), 0xabcdefu);
  EXPECT_EQ(narrow.type(), 0x98u);
}

}  // namespace
}  // namespace relink::elf
