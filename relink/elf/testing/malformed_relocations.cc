// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "relink/elf/testing/loadable_image.h"
#include "relink/elf/testing/malformed_list.h"

namespace relink::elf {
namespace {

using Elf = Image<Elf64Le>;
using Addr = Elf64Le::Addr;

// x86-64 psABI, table 4.10.
constexpr uint64_t kCopy = 5;
constexpr uint64_t kRelative = 8;
constexpr uint64_t kIrelative = 37;

struct Entry {
  const char* name;
  const char* section;
  uint64_t index;
};
constexpr Entry kEntries[] = {
    {"R_X86_64_RELATIVE", ".rela.dyn", kDataRelative},
    {"R_X86_64_GLOB_DAT", ".rela.dyn", kGlobDat},
    {"R_X86_64_64", ".rela.dyn", kAbsolute64},
    {"R_X86_64_DTPMOD64", ".rela.dyn", kTlsModule},
    {"R_X86_64_JUMP_SLOT", ".rela.plt", 0},
};

Rela<Elf64Le>& Relocation(Elf& f, const Entry& entry) {
  return f.At<Rela<Elf64Le>>(entry.section, entry.index);
}

// Where nothing may be written.
std::vector<BadAddress> UnwritablePlaces(Elf& f) {
  std::vector<BadAddress> places(std::begin(kBadAddresses),
                                 std::end(kBadAddresses));
  const Phdr<Elf64Le>& data = f.segment(kPtLoad, 2);
  places.push_back({"in the ELF header", 0x10});
  places.push_back({"in read-only text", f.place(".text").addr + 8});
  places.push_back({"astride the end", data.p_vaddr + data.p_memsz - 4});
  places.push_back({"astride the start", data.p_vaddr - 4});
  places.push_back({"at the end", data.p_vaddr + data.p_memsz});
  return places;
}

// Where no function can be.
std::vector<BadAddress> UncallablePlaces(Elf& f) {
  std::vector<BadAddress> places(std::begin(kBadAddresses),
                                 std::end(kBadAddresses));
  places.push_back({"the ELF header", 0});
  places.push_back({"data", f.place(".data").addr});
  return places;
}

void AddTargets(MalformedList* list) {
  for (const Entry& entry : kEntries) {
    for (const BadAddress& bad : UnwritablePlaces(list->base())) {
      list->Unusable(absl::StrCat(entry.name, ": r_offset ", bad.name),
                     [&](Elf& f) { Relocation(f, entry).r_offset = bad.addr; });
    }
    for (uint64_t type : {uint64_t{200}, uint64_t{255}, uint64_t{UINT32_MAX}}) {
      list->Unusable(absl::StrCat(entry.name, ": of type ", type), [&](Elf& f) {
        auto& info = Relocation(f, entry).r_info;
        info = info >> 32 << 32 | type;
      });
    }
    if (entry.index == kDataRelative) continue;
    for (uint64_t symbol :
         {uint64_t{1000000}, uint64_t{INT32_MAX}, uint64_t{UINT32_MAX}}) {
      list->Unusable(absl::StrCat(entry.name, ": of symbol ", symbol),
                     [&](Elf& f) {
                       auto& info = Relocation(f, entry).r_info;
                       info = (info & UINT32_MAX) | symbol << 32;
                     });
    }
  }
}

void AddAddends(MalformedList* list) {
  for (const BadAddress& bad : UncallablePlaces(list->base())) {
    const auto addend = static_cast<int64_t>(bad.addr);
    list->Unusable(
        absl::StrCat("DT_INIT_ARRAY: calls ", bad.name), [&](Elf& f) {
          f.At<Rela<Elf64Le>>(".rela.dyn", kInitRelative).r_addend = addend;
        });
    list->Unusable(
        absl::StrCat("DT_FINI_ARRAY: calls ", bad.name), [&](Elf& f) {
          f.At<Rela<Elf64Le>>(".rela.dyn", kFiniRelative).r_addend = addend;
        });
    list->Unusable(
        absl::StrCat("R_X86_64_IRELATIVE: calls ", bad.name), [&](Elf& f) {
          auto& record = f.At<Rela<Elf64Le>>(".rela.dyn", kDataRelative);
          record.r_info = kIrelative;
          record.r_addend = addend;
        });
    list->Odd(
        absl::StrCat("R_X86_64_RELATIVE: points at ", bad.name), [&](Elf& f) {
          f.At<Rela<Elf64Le>>(".rela.dyn", kDataRelative).r_addend = addend;
        });
  }
}

void AddOddEntries(MalformedList* list) {
  list->Odd("R_X86_64_RELATIVE: with a symbol", [](Elf& f) {
    f.At<Rela<Elf64Le>>(".rela.dyn", kDataRelative).r_info =
        uint64_t{f.index.at("answer")} << 32 | kRelative;
  });
  list->Odd("R_X86_64_NONE: in the place of another", [](Elf& f) {
    auto& record = f.At<Rela<Elf64Le>>(".rela.dyn", kDataRelative);
    record = {};
    record.r_offset = UINT64_MAX;
  });
  list->Odd("R_X86_64_COPY: in a shared object", [](Elf& f) {
    f.At<Rela<Elf64Le>>(".rela.dyn", kAbsolute64).r_info =
        uint64_t{f.index.at("answer")} << 32 | kCopy;
  });
  const auto copy_answer_from = [&](const char* where, uint64_t addr,
                                    uint16_t section) {
    list->Unusable(absl::StrCat("R_X86_64_COPY: from ", where), [=](Elf& f) {
      Sym<Elf64Le>& answer = f.symbol("answer");
      answer.st_value = addr;
      answer.st_shndx = section;
      // Binds to itself.
      answer.st_other = uint8_t{kStvProtected};
      f.At<Rela<Elf64Le>>(".rela.dyn", kAbsolute64).r_info =
          uint64_t{f.index.at("answer")} << 32 | kCopy;
    });
  };
  copy_answer_from(
      "the hole between segments",
      list->base().place(".tdata").addr / kImagePage * kImagePage - kImagePage,
      1);
  copy_answer_from("an absolute address", list->base().place(".text").addr,
                   kShnAbs);
  list->Odd("R_X86_64_64: misaligned", [](Elf& f) {
    auto& record = f.At<Rela<Elf64Le>>(".rela.dyn", kAbsolute64);
    record.r_offset = record.r_offset + 1;
  });
  list->Odd("R_X86_64_64: addend 2^63", [](Elf& f) {
    f.At<Rela<Elf64Le>>(".rela.dyn", kAbsolute64).r_addend = INT64_MIN;
  });
  list->Odd("R_X86_64_DTPMOD64: of a function", [](Elf& f) {
    auto& info = f.At<Rela<Elf64Le>>(".rela.dyn", kTlsModule).r_info;
    info = (info & UINT32_MAX) | uint64_t{f.index.at("answer")} << 32;
  });
}

void AddRelr(MalformedList* list) {
  auto entry = [](Elf& f, uint64_t i) -> Addr& {
    return f.At<Addr>(".relr.dyn", i);
  };
  for (const BadAddress& bad : UnwritablePlaces(list->base())) {
    list->Unusable(absl::StrCat("DT_RELR: an address ", bad.name),
                   [&](Elf& f) { entry(f, 0) = bad.addr & ~uint64_t{1}; });
  }
  list->Unusable("DT_RELR: starts with a bitmap",
                 [&](Elf& f) { entry(f, 0) = uint64_t{0x7}; });
  list->Unusable("DT_RELR: only bitmaps", [&](Elf& f) {
    entry(f, 0) = UINT64_MAX;
    entry(f, 1) = UINT64_MAX;
  });
  list->Unusable("DT_RELR: a bitmap past the end", [&](Elf& f) {
    const Phdr<Elf64Le>& data = f.segment(kPtLoad, 2);
    entry(f, 0) = data.p_vaddr + data.p_memsz - 16;
    entry(f, 1) = UINT64_MAX;
  });
  list->Unusable("DT_RELR: a bitmap that wraps", [&](Elf& f) {
    entry(f, 0) = UINT64_MAX - 15;
    entry(f, 1) = UINT64_MAX;
  });
  list->Odd("DT_RELR: a misaligned address", [&](Elf& f) {
    entry(f, 0) = entry(f, 0) + 2;
    entry(f, 1) = uint64_t{1};
  });
  list->Odd("DT_RELR: an empty bitmap",
            [&](Elf& f) { entry(f, 1) = uint64_t{1}; });
}

}  // namespace

void AddMalformedRelocations(MalformedList* list) {
  AddTargets(list);
  AddAddends(list);
  AddOddEntries(list);
  AddRelr(list);
}

}  // namespace relink::elf
