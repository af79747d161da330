// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

using Elf = Image<Elf64Le>;
constexpr ErrorCode kMalformed = ErrorCode::kMalformed;
using Halves = std::initializer_list<uint16_t>;
constexpr ErrorCode kOutOfRange = ErrorCode::kOutOfRange;

void AddIdentity(MalformedList* list) {
  for (unsigned i = 0; i < 4; ++i) {
    list->Refused(absl::StrCat("e_ident: byte ", i, " of the magic"),
                  kMalformed, "not an ELF file",
                  [=](Elf& f) { f.header().e_ident[i] ^= 0x20; });
  }
  for (unsigned value : {0, 1, 3, 255}) {
    list->Refused(absl::StrCat("e_ident: EI_CLASS ", value), kMalformed,
                  "EI_CLASS", [=](Elf& f) {
                    f.header().e_ident[kEiClass] = static_cast<uint8_t>(value);
                  });
  }
  for (unsigned value : {0, 2, 3, 255}) {
    list->Refused(absl::StrCat("e_ident: EI_DATA ", value), kMalformed,
                  "EI_DATA", [=](Elf& f) {
                    f.header().e_ident[kEiData] = static_cast<uint8_t>(value);
                  });
  }
  for (unsigned value : {0, 2, 255}) {
    list->Refused(absl::StrCat("e_ident: EI_VERSION ", value), kMalformed,
                  "EI_VERSION", [=](Elf& f) {
                    f.header().e_ident[kEiVersion] =
                        static_cast<uint8_t>(value);
                  });
  }
  list->Odd("e_ident: EI_OSABI 255",
            [](Elf& f) { f.header().e_ident[kEiOsabi] = 255; });
}

void AddKind(MalformedList* list) {
  for (unsigned value : {0u, unsigned{kEtCore}, 0xfe00u, 0xffffu}) {
    list->Unusable(absl::StrCat("e_type: ", value), [=](Elf& f) {
      f.header().e_type = static_cast<uint16_t>(value);
    });
  }
  for (unsigned value : {kEtRel, kEtExec}) {
    list->Odd(absl::StrCat("e_type: ", value), [=](Elf& f) {
      f.header().e_type = static_cast<uint16_t>(value);
    });
  }
  for (unsigned value : {0u, unsigned{kEm386}, unsigned{kEmAarch64}, 0xffffu}) {
    list->Unusable(absl::StrCat("e_machine: ", value), [=](Elf& f) {
      f.header().e_machine = static_cast<uint16_t>(value);
    });
  }
  for (uint32_t value : {0u, 2u, UINT32_MAX}) {
    list->Refused(absl::StrCat("e_version: ", value), kMalformed, "e_version",
                  [=](Elf& f) { f.header().e_version = value; });
  }
  list->Odd("e_entry: past the image",
            [](Elf& f) { f.header().e_entry = uint64_t{0x7fff0000}; });
  list->Odd("e_flags: all ones",
            [](Elf& f) { f.header().e_flags = UINT32_MAX; });
  for (uint16_t value : Halves{0, 63}) {
    list->Refused(absl::StrCat("e_ehsize: ", value), kMalformed, "e_ehsize",
                  [=](Elf& f) { f.header().e_ehsize = value; });
  }
  list->Odd("e_ehsize: 65", [](Elf& f) { f.header().e_ehsize = uint16_t{65}; });
}

void AddProgramHeaderTable(MalformedList* list) {
  const uint64_t size = list->base().bytes.size();
  for (uint64_t value : {size, size - 1, size - 56, uint64_t{1} << 63,
                         UINT64_MAX, UINT64_MAX - 55}) {
    list->Refused(absl::StrCat("e_phoff: 0x", absl::Hex(value)), kOutOfRange,
                  "program headers",
                  [=](Elf& f) { f.header().e_phoff = value; });
  }
  for (uint64_t value : {0, 1, 65}) {
    list->Unusable(absl::StrCat("e_phoff: ", value),
                   [=](Elf& f) { f.header().e_phoff = value; });
  }
  for (unsigned value : {0, 1, 32, 55, 57, 64, 0xffff}) {
    list->Refused(
        absl::StrCat("e_phentsize: ", value), kMalformed, "e_phentsize",
        [=](Elf& f) { f.header().e_phentsize = static_cast<uint16_t>(value); });
  }
  // The first is PT_PHDR, the second only the read-only segment.
  for (uint16_t value : Halves{0, 1, 2}) {
    list->Unusable(absl::StrCat("e_phnum: ", value),
                   [=](Elf& f) { f.header().e_phnum = value; });
  }
  for (uint16_t value : Halves{0x7fff, 0xfffe}) {
    list->Refused(absl::StrCat("e_phnum: ", value), kOutOfRange,
                  "program headers",
                  [=](Elf& f) { f.header().e_phnum = value; });
  }
  auto extended = [](Elf& f) { f.header().e_phnum = kPnXnum; };
  list->Unusable("e_phnum: PN_XNUM of zero", extended);
  list->Refused("e_phnum: PN_XNUM of 2^32 - 1", kOutOfRange, "program headers",
                [=](Elf& f) {
                  extended(f);
                  f.At<Shdr<Elf64Le>>(f.header().e_shoff).sh_info = UINT32_MAX;
                });
  list->Refused("e_phnum: PN_XNUM without section headers", kOutOfRange,
                "PN_XNUM", [=](Elf& f) {
                  extended(f);
                  f.header().e_shoff = uint64_t{0};
                });
  list->Refused("e_phnum: PN_XNUM with section headers past the end",
                kOutOfRange, "PN_XNUM", [=](Elf& f) {
                  extended(f);
                  f.header().e_shoff = uint64_t{f.bytes.size() - 63};
                });
  list->Refused("e_phnum: PN_XNUM with e_shentsize 40", kMalformed, "PN_XNUM",
                [=](Elf& f) {
                  extended(f);
                  f.header().e_shentsize = uint16_t{40};
                });
}

void AddSectionHeaderTable(MalformedList* list) {
  const uint64_t size = list->base().bytes.size();
  for (uint64_t value :
       {size, size - 1, size - 64, uint64_t{1} << 63, UINT64_MAX}) {
    list->Odd(
        absl::StrCat("e_shoff: 0x", absl::Hex(value)),
        [=](Elf& f) { f.header().e_shoff = value; }, kOutOfRange);
  }
  for (uint16_t value : Halves{0, 40, 63, 65}) {
    list->Odd(
        absl::StrCat("e_shentsize: ", value),
        [=](Elf& f) { f.header().e_shentsize = value; }, kMalformed);
  }
  list->Odd(
      "e_shnum: 65279", [](Elf& f) { f.header().e_shnum = uint16_t{0xfeff}; },
      kOutOfRange);
  list->Odd(
      "e_shnum: 0 with 2^60 in section 0",
      [](Elf& f) {
        f.header().e_shnum = uint16_t{0};
        f.At<Shdr<Elf64Le>>(f.header().e_shoff).sh_size = uint64_t{1} << 60;
      },
      kOutOfRange);
  for (unsigned value : {22, 0xfeff}) {
    list->Odd(
        absl::StrCat("e_shstrndx: ", value),
        [=](Elf& f) { f.header().e_shstrndx = static_cast<uint16_t>(value); },
        kMalformed);
  }
  list->Odd(
      "e_shstrndx: SHN_XINDEX of 2^32 - 1",
      [](Elf& f) {
        f.header().e_shstrndx = kShnXindex;
        f.At<Shdr<Elf64Le>>(f.header().e_shoff).sh_link = UINT32_MAX;
      },
      kMalformed);
  list->Odd("e_shstrndx: a section without contents",
            [](Elf& f) { f.header().e_shstrndx = f.place(".bss").section; });
  for (const char* name : {".text", ".shstrtab"}) {
    list->Odd(
        absl::StrCat(name, ": sh_offset past the end"),
        [=](Elf& f) { f.section(name).sh_offset = f.bytes.size() + 1; },
        kOutOfRange);
    list->Odd(
        absl::StrCat(name, ": sh_size 2^64 - 1"),
        [=](Elf& f) { f.section(name).sh_size = UINT64_MAX; }, kOutOfRange);
  }
  list->Odd(".shstrtab: without its last NUL",
            [](Elf& f) { f.section(".shstrtab").sh_size = uint64_t{0xc9}; });
  list->Odd(".text: sh_name past the names",
            [](Elf& f) { f.section(".text").sh_name = UINT32_MAX; });
}

}  // namespace

void AddMalformedHeaders(MalformedList* list) {
  AddIdentity(list);
  AddKind(list);
  AddProgramHeaderTable(list);
  AddSectionHeaderTable(list);
}

}  // namespace relink::elf
