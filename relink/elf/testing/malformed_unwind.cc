// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <optional>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

using Elf = Image<Elf64Le>;
using Word = Elf64Le::Word;
constexpr ErrorCode kMalformed = ErrorCode::kMalformed;
constexpr ErrorCode kOutOfRange = ErrorCode::kOutOfRange;
constexpr ErrorCode kUnsupported = ErrorCode::kUnsupported;

uint8_t& HeaderByte(Elf& f, uint64_t i) {
  return *reinterpret_cast<uint8_t*>(
      &f.bytes.at(f.place(".eh_frame_hdr").offset + i));
}

// Loading needs no unwind information, so all of it is merely odd.
void AddEhFrameHeader(MalformedList* list) {
  for (unsigned version : {0, 2, 255}) {
    list->Odd(
        absl::StrCat(".eh_frame_hdr: version ", version),
        [=](Elf& f) { HeaderByte(f, 0) = static_cast<uint8_t>(version); },
        kMalformed);
  }
  constexpr const char* kEncodings[] = {"", "eh_frame_ptr_enc", "fde_count_enc",
                                        "table_enc"};
  for (uint64_t i : {1, 2, 3}) {
    for (unsigned encoding : {0x00, 0x9b, 0xff}) {
      list->Odd(
          absl::StrCat(".eh_frame_hdr: ", kEncodings[i], " ", encoding),
          [=](Elf& f) { HeaderByte(f, i) = static_cast<uint8_t>(encoding); },
          kUnsupported);
    }
  }
  // Words: 1 is the pointer, 2 the count, 3 and 4 the only entry.
  struct Case {
    const char* name;
    uint64_t word;
    uint32_t value;
    std::optional<ErrorCode> code;
  };
  const Case cases[] = {
      {"eh_frame_ptr past the image", 1, 0x70000000, kOutOfRange},
      {"eh_frame_ptr before the image", 1, 0x80000000, kOutOfRange},
      {"eh_frame_ptr at itself", 1, 0, {}},
      {"fde_count 2", 2, 2, kOutOfRange},
      {"fde_count 2^32 - 1", 2, UINT32_MAX, kOutOfRange},
      {"fde_count 0", 2, 0, {}},
      {"a function past the image", 3, 0x70000000, {}},
      {"a record before .eh_frame", 4, 4, kMalformed},
      {"a record far before .eh_frame", 4, 0x80000000, kMalformed},
      {"a record past the image", 4, 0x70000000, kOutOfRange},
  };
  for (const Case& c : cases) {
    list->Odd(
        absl::StrCat(".eh_frame_hdr: ", c.name),
        [&](Elf& f) { f.At<Word>(".eh_frame_hdr", c.word) = c.value; }, c.code);
  }
  for (uint64_t size : {0, 4, 11, 19}) {
    list->Odd(
        absl::StrCat("PT_GNU_EH_FRAME: ", size, " bytes"),
        [=](Elf& f) {
          Phdr<Elf64Le>& segment = f.segment(kPtGnuEhFrame);
          segment.p_filesz = segment.p_memsz = size;
        },
        kOutOfRange);
  }
  for (const BadAddress& bad : kBadAddresses) {
    list->Odd(
        absl::StrCat("PT_GNU_EH_FRAME: p_vaddr ", bad.name),
        [&](Elf& f) { f.segment(kPtGnuEhFrame).p_vaddr = bad.addr; },
        kOutOfRange);
  }
}

void AddEhFrame(MalformedList* list) {
  // Words of .eh_frame: the CIE takes 0 to 5, the FDE 6 to 10, the end is 11.
  struct Case {
    const char* name;
    uint64_t word;
    uint32_t value;
    std::optional<ErrorCode> code;
  };
  const Case cases[] = {
      {"a record of 64-bit length", 6, UINT32_MAX, kUnsupported},
      {"a record past the segment", 6, 0x1000, kOutOfRange},
      {"a record of 2^32 - 2 bytes", 6, UINT32_MAX - 1, kOutOfRange},
      {"ends before the record", 6, 0, {}},
      {"a CIE of no bytes", 0, 0, {}},
      {"a CIE past the segment", 0, 0x1000, {}},
      {"a record without its CIE", 7, 0x7fffffff, {}},
      {"a record of a function of 4 GiB", 9, UINT32_MAX, {}},
      {"not terminated", 11, 0x10, kOutOfRange},
  };
  for (const Case& c : cases) {
    list->Odd(
        absl::StrCat(".eh_frame: ", c.name),
        [&](Elf& f) { f.At<Word>(".eh_frame", c.word) = c.value; }, c.code);
  }
}

void AddNotes(MalformedList* list) {
  auto note = [](Elf& f) -> Nhdr<Elf64Le>& {
    return f.At<Nhdr<Elf64Le>>(f.place(".note").offset);
  };
  for (uint32_t size : {9u, 0x1000u, UINT32_MAX}) {
    list->Odd(
        absl::StrCat("note: n_namesz ", size),
        [=](Elf& f) { note(f).n_namesz = size; }, kOutOfRange);
    list->Odd(
        absl::StrCat("note: n_descsz ", size),
        [=](Elf& f) { note(f).n_descsz = size; }, kOutOfRange);
  }
  list->Odd(
      "note: both sizes 2^32 - 1",
      [=](Elf& f) {
        note(f).n_namesz = UINT32_MAX;
        note(f).n_descsz = UINT32_MAX;
      },
      kOutOfRange);
  list->Odd(
      "note: nothing but a header",
      [](Elf& f) { f.segment(kPtNote).p_filesz = uint64_t{12}; }, kOutOfRange);
  list->Odd("note: shorter than a header",
            [](Elf& f) { f.segment(kPtNote).p_filesz = uint64_t{11}; });
  list->Odd("note: an empty build-id", [=](Elf& f) { note(f).n_descsz = 0u; });
  list->Odd("note: an owner without NUL", [](Elf& f) {
    f.bytes.at(f.place(".note").offset + 15) = std::byte{'!'};
  });
  for (uint64_t align : {uint64_t{0}, uint64_t{3}, uint64_t{1} << 63}) {
    list->Odd(absl::StrCat("PT_NOTE: p_align ", align),
              [=](Elf& f) { f.segment(kPtNote).p_align = align; });
  }
}

}  // namespace

void AddMalformedUnwind(MalformedList* list) {
  AddEhFrameHeader(list);
  AddEhFrame(list);
  AddNotes(list);
}

}  // namespace relink::elf
